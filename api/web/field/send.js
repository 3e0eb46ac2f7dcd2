// Sends sealed envelopes, oldest first. Only the server's own word that it holds a whole one lets its copy go from here.
import { all, change, get, noteSent, setting, wipe } from './store.js';

const ADDRESS = '/api/v1/field/envelopes/';
const LARGEST = 65536, SMALLEST = 4096;
const PATIENCE = 120000, RETRIES = 6;
const HOLDING = new Set(['kept', 'waiting', 'quarantined']);
let part = LARGEST;

export class NotSent extends Error {
  constructor(reason, wait = 0) {
    super(reason);
    this.wait = wait;
  }
}

// What is told is heard by every page of the app, the one that tells it included.
export const ME = crypto.randomUUID();

export function tell(what) {
  const channel = new BroadcastChannel('socialmap-field');
  channel.postMessage({ what, from: ME });
  channel.close();
}

// Send what waits. Page and worker never do at once. Say how many were sent and whether any are left.
export function flush() {
  return navigator.locks.request('socialmap-send', { ifAvailable: true }, async (held) => (held ? sendAll() : null));
}

// Do something while nothing is sent; an AbortError or TimeoutError where sending goes on for longer than `patience`.
export function sendingStopped(patience, act) {
  return navigator.locks.request('socialmap-send', { signal: AbortSignal.timeout(patience) }, act);
}

async function sendAll() {
  const waiting = (await all('envelopes')).sort(inOrder);
  let sent = 0, failed = null;
  for (const { id } of waiting) {
    try {
      if (await sendOne(id)) sent++;
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
      failed = error;
      if (error.message !== 'refused') break;      // one that is refused must not hold up the others
    }
    tell('changed');
  }
  await dropSenders();
  const left = (await all('envelopes')).length;
  await change(['settings'], ({ settings }) => {
    settings.put({ at: new Date().toISOString(), failed: left && failed ? failed.message : null }, 'sending');
  });
  tell('changed');
  return { sent, left, wait: failed?.wait || 0 };
}

const RANK = { case: 0, observation: 1, photo: 2 };
const inOrder = (a, b) => (a.made_at < b.made_at ? -1 : a.made_at > b.made_at ? 1 : RANK[a.kind] - RANK[b.kind]);

async function sendOne(id) {
  const envelope = await get('envelopes', id);
  if (!envelope) return false;
  const sender = await get('senders', envelope.sender);
  const { bytes } = await get('sealed', id), { total, sha256 } = envelope;
  let at = Math.min(envelope.received || 0, total);
  if (at === total) at = 0;
  if (!envelope.tried && navigator.onLine) await note(id, { tried: true });
  for (let gaps = 0; ;) {
    const body = bytes.slice(at, at + part);
    const answer = await put(`${ADDRESS}${id}?offset=${at}&total=${total}&sha256=${sha256}`, sender?.key, body);
    const told = await readAnswer(answer);
    if (answer.status === 409 && told && told.received !== at && gaps++ < RETRIES) {
      at = told.received < total ? told.received : 0;
      continue;
    }
    if (!answer.ok || !told || told.total !== total) {
      await note(id, { error: answer.status, tried: true });
      throw refusal(answer);
    }
    if (told.revoked) await revoke();
    if (HOLDING.has(told.state)) {
      await noteSent(envelope, told);
      return true;
    }
    if (told.state !== 'partly' || told.received <= at) throw new NotSent('refused');
    at = told.received;
    await note(id, { received: at, error: null, tried: true });
    tell('changed');
  }
}

async function put(address, key, body) {
  try {
    const answer = await fetch(address, {
      method: 'PUT', body, credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer',
      headers: { 'Content-Type': 'application/octet-stream', 'Socialmap-Send-Key': key || '' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    part = Math.min(LARGEST, part * 2);
    return answer;
  } catch {
    part = Math.max(SMALLEST, part / 2);           // less is lost where the signal breaks off again
    throw new NotSent('network');
  }
}

// A page of somebody else's network is no answer of ours, whatever its status says.
async function readAnswer(answer) {
  if (!/^application\/(problem\+)?json\b/.test(answer.headers.get('content-type') || '')) return null;
  try {
    const told = await answer.json();
    return Number.isInteger(told?.received) && told.received >= 0 ? told : null;
  } catch {
    return null;
  }
}

function refusal(answer) {
  const after = Number(answer.headers.get('retry-after')) * 1000 || 0;
  const later = answer.status === 429 || answer.status >= 500;
  return new NotSent(later ? 'later' : 'refused', after);
}

async function note(id, what) {
  await change(['envelopes'], ({ envelopes }) => {
    const asked = envelopes.get(id);
    asked.onsuccess = () => { if (asked.result) envelopes.put({ ...asked.result, ...what }); };
  });
}

export async function revoke() {
  if (!(await setting('phone'))) return;
  await wipe({ phone: true });
  await change(['settings'], ({ settings }) => { settings.put(true, 'revoked'); });
  tell('revoked');
}

// The key of an enrolment that is over goes with its last envelope.
async function dropSenders() {
  const phone = await setting('phone'), needed = new Set((await all('envelopes')).map((one) => one.sender));
  const over = (await all('senders')).filter((one) => one.id !== phone?.id && !needed.has(one.id));
  if (over.length) await change(['senders'], ({ senders }) => { for (const one of over) senders.delete(one.id); });
}

export const holding = (state) => HOLDING.has(state);

// The state of an envelope at the server; 'absent' where it knows none, null where it cannot be asked.
export async function askState({ id, sender }) {
  try {
    const answer = await stateAnswer(id, await get('senders', sender));
    if (answer.status === 404) return /json/.test(answer.headers.get('content-type') || '') ? 'absent' : null;
    return answer.ok ? (await readAnswer(answer))?.state || null : null;
  } catch {
    return null;
  }
}

const stateAnswer = (id, sender) => fetch(ADDRESS + id, {
  credentials: 'omit', cache: 'no-store', redirect: 'error', headers: { 'Socialmap-Send-Key': sender?.key || '' },
  signal: AbortSignal.timeout(PATIENCE / 4),
});

// Ask by what was sent last whether this phone is still let in: it needs no PIN, so a lost phone is told too.
export async function askWhetherRevoked() {
  const last = await setting('last'), phone = await setting('phone');
  if (!last || !phone || last.sender !== phone.id) return;
  try {
    const answer = await stateAnswer(last.id, await get('senders', last.sender));
    const told = answer.ok ? await readAnswer(answer) : null;
    if (told?.revoked === true) await revoke();
  } catch {
    return;
  }
}
