// What the phone keeps (IndexedDB). Envelopes are sealed before they come here; drafts and cached cases are locked by the PIN.
//
// settings: phone, key (the server's public one), pin, token and cases (both locked), areas, language, look, last
// senders: the send key of each enrolment that still has envelopes · envelopes: what waits, with their sealed bytes in a
// store of their own, so that counting them reads none · sent: what became of them
// drafts, photos: locked by the PIN until they are finished
const NAME = 'socialmap-field';
const STORES = ['settings', 'senders', 'envelopes', 'sealed', 'sent', 'drafts', 'photos'];
const SENT_KEPT = 100;
let opening = null;

function open() {
  opening ||= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const name of STORES) asked.result.createObjectStore(name, name === 'settings' ? {} : { keyPath: 'id' });
    };
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const db = asked.result;
      db.onclose = () => { opening = null; };
      db.onversionchange = () => { db.close(); opening = null; };
      done(db);
    };
  });
  opening.catch(() => { opening = null; });
  return opening;
}

const answered = (asked) => new Promise((done, failed) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

export async function get(store, key) {
  return answered((await open()).transaction(store).objectStore(store).get(key));
}

export async function all(store) {
  return answered((await open()).transaction(store).objectStore(store).getAll());
}

// Everything that `act` asks for is stored, or nothing of it; resolved once it lies on the disk.
export async function change(stores, act) {
  const db = await open();
  return new Promise((done, failed) => {
    const work = db.transaction(stores, 'readwrite', { durability: 'strict' });
    work.oncomplete = () => done();
    work.onabort = () => failed(work.error || new DOMException('aborted', 'AbortError'));
    act(Object.fromEntries(stores.map((name) => [name, work.objectStore(name)])));
  });
}

export function setting(key) {
  return get('settings', key);
}

export function keepSetting(key, value) {
  return change(['settings'], ({ settings }) => { settings.put(value, key); });
}

// What a lost phone could show: gone in one step. Sealed envelopes and the keys to send them stay.
export function wipe({ phone = false } = {}) {
  return change(['settings', 'drafts', 'photos'], ({ settings, drafts, photos }) => {
    for (const key of ['pin', 'token', 'cases', ...(phone ? ['phone'] : [])]) settings.delete(key);
    drafts.clear();
    photos.clear();
  });
}

// The envelope goes and what became of it is noted, both or neither.
export async function noteSent(envelope, answer) {
  const { id, kind, made_at } = envelope;
  await change(['envelopes', 'sealed', 'sent', 'settings'], ({ envelopes, sealed, sent, settings }) => {
    envelopes.delete(id);
    sealed.delete(id);
    sent.put({ id, kind, made_at, state: answer.state, sent_at: new Date().toISOString() });
    settings.put({ id, sender: envelope.sender }, 'last');
  });
  const old = (await all('sent')).sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1)).slice(SENT_KEPT);
  if (old.length) await change(['sent'], ({ sent }) => { for (const one of old) sent.delete(one.id); });
}

export async function askToPersist() {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}
