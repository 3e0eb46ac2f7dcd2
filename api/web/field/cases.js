// One's own open cases as the server last told them, and changes of them: each is added, nothing is written over unseen.
import { button, h, runs, say } from './dom.js';
import { finishEdit } from './drafts.js';
import { icon, urgencySign } from './icons.js';
import { problemPart, urgencyPart, wordsPart } from './parts.js';
import { placePart } from './placing.js';
import { unlocked } from './pin.js';
import { sendSoon } from './sending.js';
import { edited, keepCases, readCases } from './server.js';
import { setting } from './store.js';
import { areaName, day, name, problemName, t } from './words.js';

const SHOWN = ['problem', 'urgency', 'place'];
/* Fields whose value the list tells; of others the phone has seen nothing, so it replaces nothing. */

export async function casesScreen({ go }) {
  const [cases, areas, pin] = await Promise.all([readCases(), setting('areas'), setting('pin')]);
  const known = areas?.areas || [];
  const closed = !unlocked() ? h('div', { class: 'told' }, icon('lock', 22), h('div', {}, h('p', {}, t('cases.locked')), pin ? button(t('home.unlock'), () => go('lock')) : null)) : null;
  const node = h('div', { class: 'screen' }, closed, unlocked() ? h('p', { class: 'hint' }, t('cases.lead')) : null,
    cases.length ? h('ul', { class: 'rows', id: 'cases' }, cases.map((one) => row(one, known, go))) : unlocked() ? h('p', { class: 'note' }, t('cases.none')) : null);
  return { title: t('cases.title'), node, tab: 'cases' };
}

const place = (one, areas) => {
  const area = areas.find((other) => other.code === one.area);
  return area ? areaName(area) : one.area || '';
};

function row(one, areas, go) {
  return h('li', {}, h('button', { type: 'button', class: 'row', onclick: () => go(`cases/${one.id}`) },
    icon(one.problem.slice(0, 3), 28),
    h('span', { class: 'grow' }, h('strong', {}, problemName(one.problem)),
      h('span', { class: 'note' }, runs([name(one.status_title), one.reported_on ? day(one.reported_on) : ''].filter(Boolean).join(' · |'))),
      h('span', { class: 'note' }, place(one, areas)),
      one.clashes?.length ? h('span', { class: 'note wrong' }, t('cases.clashes', { fields: [...new Set(one.clashes.map((key) => t(`field.${key.split('.')[0]}`)))].join(', ') })) : null,
      one.edits?.length ? h('span', { class: 'note' }, t('cases.edited')) : null),
    urgencySign(one.urgency)));
}

export async function caseScreen({ caseId, leave, go }) {
  const cases = await readCases(), one = cases.find((other) => other.id === caseId);
  if (!one) return { title: t('cases.title'), back: 'cases', node: h('p', { class: 'screen note' }, t('cases.gone')) };
  const [areas, phone] = [(await setting('areas'))?.areas || [], await setting('phone')];
  const hasPlace = one.lat !== null && one.lat !== undefined;
  const draft = { problem: one.problem, urgency: one.urgency, description: '',
    place: hasPlace ? { how: 'map', lat: one.lat, lon: one.lon } : one.area ? { how: 'area', stated: one.area } : null };
  const before = structuredClone(draft), touched = new Set();
  const changed = (key) => { touched.add(key); };
  const places = placePart(draft, changed, { areas, phone });
  const save = button(t('edit.save'), () => done(), { class: 'main save', id: 'save' });
  const node = h('div', { class: 'screen form' },
    h('p', { class: 'told plain' }, icon(one.problem.slice(0, 3), 26), h('span', {}, h('strong', {}, problemName(one.problem)), ' · ', name(one.status_title), one.reported_on ? ` · ${day(one.reported_on)}` : '')),
    wordsPart(draft, changed, t('edit.words'), t('edit.words_hint')), urgencyPart(draft, changed), problemPart(draft, changed), places.node,
    h('div', { class: 'bottom' }, save, h('p', { class: 'note' }, t('edit.added'))));

  function fields() {
    const found = {};
    for (const key of ['problem', 'urgency', 'place', 'description']) {
      const value = key === 'description' ? draft.description.trim() : draft[key];
      if (touched.has(key) && JSON.stringify(value) !== JSON.stringify(before[key])) found[key] = value;
    }
    return found;
  }

  async function done() {
    const made = fields();
    if (!Object.keys(made).length) return say(t('edit.nothing'));
    save.disabled = true;
    try {
      const seen = Object.fromEntries(Object.keys(made).map((key) => [key, one.seen?.[key] && SHOWN.includes(key) ? one.seen[key] : []]));
      const id = await finishEdit(caseId, made, seen);
      await keepCases(cases.map((other) => (other.id === caseId ? edited(other, { id, fields: made }) : other)));
    } catch {
      save.disabled = false;
      return say(t('new.not_sealed'));
    }
    sendSoon();
    say(t('edit.saved'));
    return go('cases');
  }
  leave(async () => places.stop());
  return { title: t('edit.title'), back: 'cases', node };
}
