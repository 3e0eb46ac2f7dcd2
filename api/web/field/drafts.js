// Cases being written. Locked by the PIN while they are drafts; sealed to the server, and gone from here, when finished.
import { all, askToPersist, change, get, setting } from './store.js';
import { locked, lockedJson, opened, openedJson, unlocked } from './pin.js';
import { isoDay, newId, nowWithOffset, toHex } from './ids.js';
import { seal } from './seal.js';
import { storable } from './texts.js';

const line = (words) => storable(words || '').trim();
const PERSON = ['name', 'national_id', 'phone', 'address', 'guardian'];

export const newDraft = () => ({
  id: newId(), problem: null, target_groups: [], urgency: null, place: null, reported_on: isoDay(),
  external_ref: '', description: '', person: {}, consent: null, photos: [],
});

const isEmpty = (draft) => !draft.problem && !draft.urgency && !draft.description && !draft.photos.length
  && !draft.target_groups.length && !draft.external_ref && !hasPerson(draft);

export const hasPerson = (draft) => PERSON.some((key) => line(draft.person[key]));

// Keep a draft as it is now. Without the PIN there is nowhere to keep it: then it lives as long as the screen.
export async function keepDraft(draft) {
  if (!unlocked() || isEmpty(draft)) return false;
  const { photos, ...words } = draft;
  const held = await lockedJson(`draft ${draft.id}`, { ...words, photos: photos.map((photo) => photo.id) });
  await change(['drafts'], ({ drafts }) => { drafts.put({ id: draft.id, changed_at: new Date().toISOString(), ...held }); });
  return true;
}

export async function keepPhoto(photo) {
  if (!unlocked()) return;
  const held = await locked(`photo ${photo.id}`, photo.bytes);
  await change(['photos'], ({ photos }) => { photos.put({ id: photo.id, ...held }); });
}

export function dropPhoto(id) {
  return change(['photos'], ({ photos }) => { photos.delete(id); });
}

export async function listDrafts() {
  if (!unlocked()) return [];
  const held = (await all('drafts')).sort((a, b) => (a.changed_at < b.changed_at ? 1 : -1));
  const read = held.map(async (one) => ({ ...(await openedJson(`draft ${one.id}`, one)), changed_at: one.changed_at }));
  return (await Promise.allSettled(read)).filter((one) => one.status === 'fulfilled').map((one) => one.value);
}

export async function openDraft(id) {
  const held = unlocked() ? await get('drafts', id) : null;
  if (!held) return null;
  const draft = await openedJson(`draft ${id}`, held);
  const photos = await Promise.all(draft.photos.map(async (photoId) => {
    const kept = await get('photos', photoId);
    return kept ? { id: photoId, bytes: new Uint8Array(await opened(`photo ${photoId}`, kept)) } : null;
  }));
  return { ...draft, photos: photos.filter(Boolean) };
}

export function dropDraft(draft) {
  return change(['drafts', 'photos'], ({ drafts, photos }) => {
    drafts.delete(draft.id);
    for (const photo of draft.photos) photos.delete(photo.id ?? photo);
  });
}

// Seal a case and its photos; in one step they wait to be sent and the draft is gone, or nothing has changed.
export async function finish(draft) {
  const made_at = nowWithOffset();
  const envelopes = [await envelope('case', draft.id, draft.id, { made_at, fields: written(draft), seen: {} })];
  for (const [at, photo] of draft.photos.entries()) {
    const sha256 = toHex(await crypto.subtle.digest('SHA-256', photo.bytes));
    const about = { made_at, photo: { type: 'image/jpeg', sha256, number: at + 1 } };
    envelopes.push(await envelope('photo', photo.id, draft.id, about, photo.bytes));
  }
  await change(['envelopes', 'sealed', 'drafts', 'photos'], ({ envelopes: waiting, sealed, drafts, photos }) => {
    for (const one of envelopes) put(waiting, sealed, one);
    drafts.delete(draft.id);
    for (const photo of draft.photos) photos.delete(photo.id);
  });
  for (const photo of draft.photos) photo.bytes.fill(0);
  askToPersist();
}

// Seal what somebody changed of a case that the server has: only that, and what was seen of it.
export async function finishEdit(caseId, fields, seen) {
  const id = newId();
  const made = await envelope('observation', id, caseId, { made_at: nowWithOffset(), fields, seen });
  await change(['envelopes', 'sealed'], ({ envelopes, sealed }) => put(envelopes, sealed, made));
  askToPersist();
  return id;
}

async function envelope(kind, id, caseId, header, body) {
  const [key, phone] = await Promise.all([setting('key'), setting('phone')]);
  const bytes = await seal(key, id, { v: 1, kind, case: caseId, ...header }, body);
  const sha256 = toHex(await crypto.subtle.digest('SHA-256', bytes));
  const about = { id, kind, case: caseId, sender: phone.id, made_at: new Date().toISOString(), received: 0, error: null };
  return { about: { ...about, total: bytes.byteLength, sha256 }, bytes };
}

function put(envelopes, sealed, { about, bytes }) {
  envelopes.put(about);
  sealed.put({ id: about.id, bytes });
}

// The fields in which something is written, as the server reads them.
export function written(draft) {
  const fields = {};
  for (const key of ['problem', 'urgency', 'place', 'reported_on', 'consent']) if (draft[key]) fields[key] = draft[key];
  if (draft.target_groups.length) fields.target_groups = draft.target_groups;
  for (const key of ['external_ref', 'description']) if (line(draft[key])) fields[key] = line(draft[key]);
  for (const key of PERSON) if (line(draft.person[key])) fields[`person.${key}`] = line(draft.person[key]);
  return fields;
}
