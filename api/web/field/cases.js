// One's own open cases as the server last told them, and changes of them: each is added, nothing is written over unseen.
import { changeScreen, told } from './changing.js';
import { button, h, runs } from './dom.js';
import { icon, urgencySign } from './icons.js';
import { unlocked } from './pin.js';
import { edited, keepCases, readCases } from './server.js';
import { setting } from './store.js';
import { areaName, day, name, problemName, t } from './words.js';

export async function casesScreen({ go }) {
  const [cases, areas, pin] = await Promise.all([readCases(), setting('areas'), setting('pin')]);
  const known = areas?.areas || [];
  const closed = !unlocked() ? h('div', { class: 'told' }, icon('lock', 22), h('div', {}, h('p', {}, t('cases.locked')), pin ? button(t('home.unlock'), () => go('lock')) : null)) : null;
  const node = h('div', { class: 'screen' }, closed, unlocked() ? h('p', { class: 'hint' }, t('cases.lead')) : null,
    cases.length ? h('ul', { class: 'rows', id: 'cases' }, cases.map((one) => row(one, known, go))) : unlocked() ? h('p', { class: 'note' }, t('cases.none')) : null);
  return { title: t('cases.title'), node, tab: 'cases' };
}

const WORDS = { label: 'edit.words', hint: 'edit.words_hint', added: 'edit.added' };

// What is told of a case stands one beside the other and is no clash.
const clashes = (one) => [...new Set((one.clashes || []).filter((key) => key !== 'description').map((key) => t(`field.${key.split('.')[0]}`)))];

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
      clashes(one).length ? h('span', { class: 'note wrong' }, t('cases.clashes', { fields: clashes(one).join(', ') })) : null,
      one.edits?.length ? h('span', { class: 'note' }, t('cases.edited')) : null),
    urgencySign(one.urgency)));
}

export async function caseScreen({ caseId, leave, go }) {
  const cases = await readCases(), one = cases.find((other) => other.id === caseId);
  if (!one) return { title: t('cases.title'), back: 'cases', node: h('p', { class: 'screen note' }, t('cases.gone')) };
  const hasPlace = one.lat !== null && one.lat !== undefined;
  const known = { problem: one.problem, urgency: one.urgency, reported_on: one.reported_on || null,
    place: hasPlace ? { how: 'map', lat: one.lat, lon: one.lon } : one.area ? { how: 'area', stated: one.area } : null };
  const head = told(one.problem.slice(0, 3), h('strong', {}, problemName(one.problem)), h('p', {}, [name(one.status_title), one.reported_on ? day(one.reported_on) : ''].filter(Boolean).join(' · ')));
  return changeScreen({
    caseId, known, head, title: t('edit.title'), back: 'cases', words: WORDS, leave, go, agreed: Boolean(one.seen?.consent),
    // What was told before stays beside what is told now; of all else the new value takes the place of the old.
    seen: (key) => (key === 'description' ? [] : one.seen?.[key] || []),
    after: (id, fields) => keepCases(cases.map((other) => (other.id === caseId ? edited(other, { id, fields }) : other))),
  });
}
