// What the phone asks the server for: who is signed in, to be let in, the key to seal to, its areas, its own open cases.
import { all, change, keepSetting, setting } from './store.js';
import { lockedJson, makePin, openedJson, unlocked } from './pin.js';
import { noteClock } from './clocks.js';
import { tell } from './send.js';

const FIELD = '/api/v1/field/';
const PATIENCE = 60000;

export class Refused extends Error {
  constructor(status, told) {
    super(told?.title || String(status));
    Object.assign(this, { status, told });
  }
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(PATIENCE), ...options });
  await noteClock(answer);
  const isJson = /^application\/(problem\+)?json\b/.test(answer.headers.get('content-type') || '');
  const told = isJson ? await answer.json() : null;
  if (!answer.ok || !told) throw new Refused(answer.status, told);
  return told;
}

const asPhone = (token) => ({ credentials: 'omit', headers: { Authorization: `Bearer ${token}` } });

export const whoIsSignedIn = () => ask('/api/v1/session');

// Let this phone in and keep what it is given, all in one step: a phone is never half let in. Without a new PIN the one
// that is open stays, with the drafts that it locks.
export async function enrol(name, pin, csrf) {
  const given = await ask(FIELD + 'phones', {
    method: 'POST', body: JSON.stringify({ name, areas: null }),
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
  });
  const key = await ask(FIELD + 'key', { credentials: 'omit' });
  const areas = await ask(FIELD + 'areas', asPhone(given.token));
  const held = pin === null ? await setting('pin') : await makePin(pin);
  const token = await lockedJson('token', given.token);
  const cases = await lockedJson('cases', []);
  await change(['settings', 'senders', 'drafts', 'photos'], ({ settings, senders, drafts, photos }) => {
    senders.put({ id: given.id, key: given.send_key });
    settings.put({ id: given.id, name: given.name, areas: given.areas }, 'phone');
    settings.put(key, 'key');
    settings.put(areas, 'areas');
    settings.put(held, 'pin');
    settings.put(token, 'token');
    settings.put(cases, 'cases');
    settings.delete('revoked');
    settings.delete('ended');
    if (pin === null) return;
    drafts.clear();
    photos.clear();
  });
}

// Fetch what may have changed. Being offline is no failure; a token that is over is, and is told once.
export async function refresh() {
  try {
    await keepSetting('key', await ask(FIELD + 'key', { credentials: 'omit' }));
    const held = await setting('token');
    if (!held || !unlocked()) return;
    const token = await openedJson('token', held);
    await keepSetting('areas', await ask(FIELD + 'areas', asPhone(token)));
    const told = await ask(FIELD + 'cases', asPhone(token));
    await keepCases(await withEdits(told.cases));
    tell('changed');
  } catch (error) {
    if (error instanceof Refused && error.status === 401) await end();
  }
}

// The server's copies of cases go, they would come again; drafts and sealed envelopes stay.
async function end() {
  await change(['settings'], ({ settings }) => {
    settings.delete('token');
    settings.delete('cases');
    settings.put(true, 'ended');
  });
  tell('changed');
}

export async function keepCases(cases) {
  if (unlocked()) await keepSetting('cases', await lockedJson('cases', cases));
}

export async function readCases() {
  const held = unlocked() ? await setting('cases') : null;
  return held ? openedJson('cases', held) : [];
}

// What the server tells does not know of edits that still wait here: they are laid over it.
async function withEdits(cases) {
  const waiting = new Set((await all('envelopes')).map((one) => one.id));
  const kept = new Map((await readCases()).map((one) => [one.id, (one.edits || []).filter((edit) => waiting.has(edit.id))]));
  return cases.map((one) => (kept.get(one.id) || []).reduce(edited, one));
}

const SHOWN = ['problem', 'urgency', 'place', 'reported_on'];

// A case as it is shown once an edit of it waits here: what the next edit of the same field has seen is this one. Of its
// words nothing is kept: they are sealed, and cannot be read here.
export function edited(one, { id, fields, keys = Object.keys(fields) }) {
  const edit = { id, keys, fields: Object.fromEntries(SHOWN.filter((key) => fields[key]).map((key) => [key, fields[key]])) };
  const changed = { ...one, told: one.told || one, edits: [...(one.edits || []).filter((other) => other.id !== id), edit], seen: { ...one.seen } };
  for (const key of ['problem', 'urgency', 'reported_on']) if (edit.fields[key]) changed[key] = edit.fields[key];
  if (edit.fields.place) Object.assign(changed, { lat: edit.fields.place.lat ?? null, lon: edit.fields.place.lon ?? null, area: edit.fields.place.stated || one.area });
  for (const key of keys) changed.seen[key] = [id];
  return changed;
}

// Edits that were withdrawn are taken off again: the case is as the server told it, with those that still wait.
export async function takeOff(ids) {
  const undone = (one) => one.edits?.some((edit) => ids.includes(edit.id));
  await keepCases((await readCases()).map((one) => (undone(one) ? one.edits.filter((edit) => !ids.includes(edit.id)).reduce(edited, one.told) : one)));
}
