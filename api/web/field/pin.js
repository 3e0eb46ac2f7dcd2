// The PIN: a random key, never to be read out, wrapped by one that takes long to derive. It locks drafts, cached cases and the token.
import { tell } from './send.js';
import { change, setting, wipe } from './store.js';

const ENCODER = new TextEncoder();
const ROUNDS = 900000;
const SHORTEST = 6;
export const MOST_FAILURES = 10;
const FREE_FAILURES = 3;
const FIRST_WAIT = 15000, LONGEST_WAIT = 3600000;
let key = null;

export const unlocked = () => key !== null;

export function lock() {
  key = null;
  tell('locked');               // other pages of the app hold the key too
}

// Another page locked, wiped or changed what the PIN opens.
export const forgetKey = () => { key = null; };
export const pinFits = (pin) => new RegExp(`^[0-9]{${SHORTEST},12}$`).test(pin) && !/^(\d)\1+$/.test(pin) && !inOrder(pin);

function inOrder(pin) {
  return '01234567890'.includes(pin) || '09876543210'.includes(pin);
}

async function wrapping(pin, salt, rounds) {
  const base = await crypto.subtle.importKey('raw', ENCODER.encode(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

async function wrapped(fresh, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const by = await wrapping(pin, salt, ROUNDS);
  const told = await crypto.subtle.wrapKey('raw', fresh, by, { name: 'AES-GCM', iv });
  return { salt, iv, rounds: ROUNDS, wrapped: told, failures: 0, until: 0 };
}

async function unwrapped(held, pin, extractable) {
  const by = await wrapping(pin, held.salt, held.rounds);
  const how = { name: 'AES-GCM', iv: held.iv };
  return crypto.subtle.unwrapKey('raw', held.wrapped, by, how, { name: 'AES-GCM' }, extractable, ['encrypt', 'decrypt']);
}

// Return what is to be stored as `pin`; the key is ready to be used from then on.
export async function makePin(pin) {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const held = await wrapped(fresh, pin);
  tell('rekeyed');
  key = await unwrapped(held, pin, false);
  return held;
}

const keep = (held) => change(['settings'], ({ settings }) => { settings.put(held, 'pin'); });

// Say {ok}, or {left, until} how many tries are left and when the next one is allowed, or {wiped}.
export function unlock(pin) {
  return navigator.locks.request('socialmap-pin', () => tried(pin, false));
}

async function tried(pin, extractable) {
  const held = await setting('pin');
  if (!held) return { wiped: true };
  // A pause longer than there is comes of a clock that was wrong then, or is now.
  if (Date.now() < held.until && held.until <= Date.now() + LONGEST_WAIT) return { ok: false, left: MOST_FAILURES - held.failures, until: held.until };
  const failures = held.failures + 1;
  const wait = failures < FREE_FAILURES ? 0 : Math.min(FIRST_WAIT * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT);
  // Counted before it is tried: ending the app in between is no way around.
  await keep({ ...held, failures, until: Date.now() + wait });
  try {
    const opened = await unwrapped(held, pin, extractable);
    await keep({ ...held, failures: 0, until: 0 });
    if (!extractable) key = opened;
    return { ok: true, opened };
  } catch {
    if (failures < MOST_FAILURES) return { ok: false, left: MOST_FAILURES - failures, until: Date.now() + wait };
    key = null;
    await wipe();
    tell('rekeyed');
    return { wiped: true };
  }
}

// Wrap the same key anew: what it locks stays readable.
export function changePin(old, pin) {
  return navigator.locks.request('socialmap-pin', async () => {
    const told = await tried(old, true);
    if (!told.ok) return told;
    const held = await wrapped(told.opened, pin);
    key = await unwrapped(held, pin, false);
    await keep(held);
    return { ok: true };
  });
}

// `about` binds what is locked to its place: one draft cannot be put in for another.
export async function locked(about, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: 'AES-GCM', iv, additionalData: ENCODER.encode(about) };
  return { iv, sealed: await crypto.subtle.encrypt(how, key, bytes) };
}

export async function opened(about, { iv, sealed }) {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: ENCODER.encode(about) }, key, sealed);
}

export const lockedJson = (about, value) => locked(about, ENCODER.encode(JSON.stringify(value)));
export const openedJson = async (about, held) => JSON.parse(new TextDecoder().decode(await opened(about, held)));
