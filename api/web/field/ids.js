// UUIDs of version 7, made on the phone: ordered in time, so that the newer of two values has the greater one.
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
let last = 0;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Two made in one millisecond keep their order too, and a clock that is set back makes none smaller.
  last = Math.max(Date.now(), last + 1);
  for (let i = 0, time = last; i < 6; i++, time = Math.floor(time / 256)) bytes[5 - i] = time % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return idText(bytes);
}

function idText(bytes) {
  const hex = Array.from(bytes, (byte) => HEX[byte]).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function idBytes(id) {
  return Uint8Array.from(id.replaceAll('-', '').match(/../g), (pair) => parseInt(pair, 16));
}

export function toHex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => HEX[byte]).join('');
}

// The moment with this phone's own offset from UTC, as ISO 8601 has it.
export function nowWithOffset(now = new Date()) {
  const minutes = -now.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+', far = Math.abs(minutes);
  const two = (number) => String(number).padStart(2, '0');
  const local = new Date(now.getTime() + minutes * 60000).toISOString().slice(0, 19);
  return `${local}${sign}${two(Math.floor(far / 60))}:${two(far % 60)}`;
}

export function isoDay(now = new Date()) {
  return nowWithOffset(now).slice(0, 10);
}
