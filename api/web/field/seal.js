// Seals what is sent to the server's public key. There is no way back on this phone: the one-time key is dropped at once.
import { idBytes } from './ids.js';

const ENCODER = new TextEncoder();
const INFO = ENCODER.encode('socialmap field 1');
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const STEP = 256;

export async function seal(key, id, header, body = new Uint8Array()) {
  const server = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x: key.key.x, y: key.key.y }, CURVE, true, []);
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const theirs = new Uint8Array(await crypto.subtle.exportKey('raw', server));
  const ours = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const aes = await sealingKey(server, pair.privateKey, joined(ours, theirs));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const clear = plaintext({ ...header, body: body.length }, body);
  const additionalData = joined(INFO, Uint8Array.of(0), idBytes(id));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, aes, clear));
  clear.fill(0);
  const name = ENCODER.encode(key.id);
  return joined(ENCODER.encode('SM1'), Uint8Array.of(name.length), name, ours, iv, sealed).buffer;
}

async function sealingKey(server, own, salt) {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: server }, own, 256);
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  new Uint8Array(shared).fill(0);
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: INFO };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
}

// Filled up with zeros, so that the length tells little of what was written.
function plaintext(header, body) {
  const words = ENCODER.encode(JSON.stringify(header));
  const length = 4 + words.length + body.length;
  const clear = new Uint8Array(Math.ceil(length / STEP) * STEP);
  new DataView(clear.buffer).setUint32(0, words.length);
  clear.set(words, 4);
  clear.set(body, 4 + words.length);
  return clear;
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
