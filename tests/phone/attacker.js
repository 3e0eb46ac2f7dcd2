// Somebody who found the phone, knows the PIN and reads everything that its browser stores. Returns what could be opened.
async (pin) => {
  const bytesOf = (value) => new Uint8Array(value instanceof ArrayBuffer ? value : value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  const text = (value) => new TextEncoder().encode(value);
  const db = await new Promise((done) => { const asked = indexedDB.open('socialmap-field'); asked.onsuccess = () => done(asked.result); });
  const found = { blobs: [], words: [], stores: {} };
  const walk = (value, path) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) found.blobs.push({ path, bytes: bytesOf(value) });
    else if (value && typeof value === 'object') for (const key of Object.keys(value)) walk(value[key], `${path}/${key}`);
    else found.words.push(String(value));
  };
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((done) => { const asked = db.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
    found.stores[name] = rows.length;
    rows.forEach((row, at) => walk(row, `${name}/${at}`));
  }
  const held = await new Promise((done) => { const asked = db.transaction('settings').objectStore('settings').get('pin'); asked.onsuccess = () => done(asked.result); });
  db.close();

  // Every key that can be made of what is known: PIN, salt, and whatever is stored, straight, hashed and derived.
  const raw = [];
  const pinKey = await crypto.subtle.importKey('raw', text(pin), 'PBKDF2', false, ['deriveBits']);
  const derive = async (rounds, hash) => new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt: held.salt, iterations: rounds }, pinKey, 256));
  if (held) for (const [rounds, hash] of [[held.rounds, 'SHA-256'], [1, 'SHA-256'], [1000, 'SHA-512']]) raw.push(await derive(rounds, hash));
  const opened = [];
  const use = async (bytes) => { try { return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['decrypt']); } catch { return null; } };
  const decrypt = async (key, iv, bytes, additionalData) => {
    try { return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, ...(additionalData ? { additionalData } : {}) }, key, bytes)); } catch { return null; }
  };
  if (held) raw.push(await decrypt(await use(raw[0]), held.iv, held.wrapped));
  for (const word of found.words) raw.push(new Uint8Array(await crypto.subtle.digest('SHA-256', text(word))));
  for (const { bytes } of found.blobs) if ([16, 32].includes(bytes.length)) raw.push(bytes);
  const keys = (await Promise.all(raw.filter(Boolean).map(use))).filter(Boolean);
  const ids = found.words.filter((word) => /^[0-9a-f]{8}-/.test(word));
  const idBytes = (id) => Uint8Array.from(id.replaceAll('-', '').match(/../g), (pair) => parseInt(pair, 16));
  const about = [undefined, text('token'), text('cases'), ...ids.flatMap((id) => [text(`draft ${id}`), text(`photo ${id}`),
    Uint8Array.from([...text('socialmap field 1\0'), ...idBytes(id)])])];
  const ivs = found.blobs.filter(({ bytes }) => bytes.length === 12);
  for (const { path, bytes } of found.blobs) {
    if (bytes.length < 29) continue;
    const name = bytes[3], sealed = String.fromCharCode(...bytes.slice(0, 3)) === 'SM1';
    const tries = sealed ? [[bytes.slice(4 + name + 65, 4 + name + 77), bytes.slice(4 + name + 77)]]
      : ivs.filter((iv) => iv.path.split('/').slice(0, 2).join('/') === path.split('/').slice(0, 2).join('/')).map((iv) => [iv.bytes, bytes]);
    for (const key of keys) for (const [iv, body] of tries) for (const additionalData of about) {
      const clear = await decrypt(key, iv, body, additionalData);
      if (clear) opened.push({ path, start: new TextDecoder().decode(clear.slice(0, 4000)) });
    }
  }
  const everything = found.blobs.map(({ bytes }) => [...bytes].map((byte) => String.fromCharCode(byte)).join('')).join('\n');
  return { opened, stores: found.stores, keys: keys.length, words: found.words.join('\n'), bytes: btoa(everything) };
}
