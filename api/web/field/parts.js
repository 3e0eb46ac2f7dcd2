// Parts of the form that a new case and a change of a case share.
import { field, h, runs, section, tiles } from './dom.js';
import { icon, urgencySign } from './icons.js';
import { choices, day, name, number, problemOf, shownYear, t } from './words.js';
import { isoDay } from './ids.js';

export function problemPart(draft, changed) {
  const below = h('div', {});
  const options = choices.problems.map((problem) => ({ value: problem.code, icon: icon(problem.code, 30), words: runs(t(`tile.${problem.code}`)) }));
  const showBelow = () => below.replaceChildren(...(draft.problem ? [subtypes(draft, changed)] : []));
  const choose = (code) => {
    draft.problem = code;
    showBelow();
    changed('problem');
  };
  showBelow();
  return section(t('new.problem'), t('new.problem_note'), tiles(t('new.problem'), 'four', options, draft.problem?.slice(0, 3), choose), below);
}

function subtypes(draft, changed) {
  const problem = problemOf(draft.problem);
  if (!problem.subtypes.length) return '';
  const options = problem.subtypes.map((one) => ({ value: one.code, words: name(one) }));
  const choose = (code) => {
    draft.problem = code;
    changed('problem');
  };
  return h('div', { class: 'below' }, h('p', { class: 'note' }, t('new.subtype')),
    tiles(t('new.subtype'), 'chips', options, draft.problem, choose));
}

export function urgencyPart(draft, changed) {
  const options = choices.urgencies.map((one) => ({ value: one.code, icon: urgencySign(one.code), words: t(`urgency.${one.code}`) }));
  const rule = h('p', { class: 'note', 'aria-live': 'polite' });
  const tell = () => { rule.textContent = draft.urgency ? name(choices.urgencies.find((one) => one.code === draft.urgency).rule) : ''; };
  const choose = (code) => {
    draft.urgency = code;
    tell();
    changed('urgency');
  };
  tell();
  return section(t('new.urgency'), null, tiles(t('new.urgency'), 'four low', options, draft.urgency, choose), rule);
}

// Folded away until it is wanted; its first line says what is chosen.
export function fold(title, summary, ...inside) {
  const told = h('span', { class: 'note' }, summary());
  const node = h('details', { class: 'part fold' }, h('summary', {}, h('span', { class: 'fold-title' }, title), told), ...inside);
  return { node, tell: () => { told.textContent = summary(); } };
}

export function groupsPart(draft, changed, note = t('new.groups_note')) {
  const chosen = () => choices.groups.filter((one) => draft.target_groups.includes(one.code)).map(name).join(' · ') || note;
  const options = choices.groups.map((one) => ({ value: one.code, words: name(one) }));
  const part = fold(t('new.groups'), chosen, tiles(t('new.groups'), 'chips', options, draft.target_groups, (codes) => {
    draft.target_groups = codes;
    part.tell();
    changed('target_groups');
  }, true));
  return part.node;
}

export function wordsPart(draft, changed, label = t('new.description'), hint = t('new.description_hint')) {
  const box = h('textarea', { rows: 3, maxlength: 4000, value: draft.description || '', autocomplete: 'off',
    oninput: () => { draft.description = box.value; changed('description'); } });
  return h('section', { class: 'part' }, field(label, box, hint));
}

export function referencePart(draft, changed) {
  const input = h('input', { type: 'text', maxlength: 80, value: draft.external_ref || '', autocomplete: 'off', autocapitalize: 'characters',
    oninput: () => { draft.external_ref = input.value; part.tell(); changed('external_ref'); } });
  const part = fold(t('new.more'), () => [draft.reported_on ? day(draft.reported_on) : '', draft.external_ref].filter(Boolean).join(' · '),
    dayPart(draft, () => { part.tell(); changed('reported_on'); }), field(t('new.reference'), input, t('new.reference_hint')));
  return part.node;
}

// The day in พ.ศ.: a phone's own calendar would show another year.
function dayPart(draft, changed) {
  const today = new Date(), yesterday = new Date(today.getTime() - 86400000);
  const recent = [isoDay(today), isoDay(yesterday)], held = draft.reported_on;
  const exact = h('div', { class: 'three', hidden: !held || recent.includes(held) });
  const [year, month, date] = (held || recent[0]).split('-').map(Number);
  const picked = { year, month, date };
  const put = () => {
    const last = new Date(picked.year, picked.month, 0).getDate();
    const iso = `${picked.year}-${String(picked.month).padStart(2, '0')}-${String(Math.min(picked.date, last)).padStart(2, '0')}`;
    draft.reported_on = iso > isoDay(today) ? isoDay(today) : iso;
    changed();
  };
  const select = (key, from, to, words) => {
    const box = h('select', { onchange: () => { picked[key] = Number(box.value); put(); } },
      Array.from({ length: to - from + 1 }, (_, i) => h('option', { value: String(from + i) }, words(from + i))));
    box.value = String(picked[key]);
    return field(t(`day.${key}`), box);
  };
  exact.append(select('date', 1, 31, String), select('month', 1, 12, (one) => t(`month.${one}`)),
    select('year', today.getFullYear() - 10, today.getFullYear(), (one) => String(shownYear(one))));
  const options = [['today', isoDay(today)], ['yesterday', isoDay(yesterday)], ['other', '']].map(([key, value]) => ({ value, words: t(`day.${key}`) }));
  return h('div', {}, h('p', { class: 'label' }, t('new.day')), tiles(t('new.day'), 'chips', options, !held || recent.includes(held) ? held : '', (value) => {
    exact.hidden = value !== '';
    if (value) draft.reported_on = value;
    else put();
    changed();
  }), exact);
}

export function personPart(draft, changed, lead = t('person.lead'), note = t('new.person_note')) {
  const entry = (key, attributes = {}) => {
    const input = h('input', { type: 'text', maxlength: 200, autocomplete: 'off', value: draft.person[key] || '', ...attributes,
      oninput: () => { draft.person[key] = input.value; part.tell(); changed('person'); } });
    return field(t(`person.${key}`), input, key === 'national_id' ? t('person.national_id_hint') : null);
  };
  const part = fold(t('new.person'), () => draft.person.name?.trim() || note,
    h('p', { class: 'hint' }, lead),
    entry('name'), entry('national_id', { inputmode: 'numeric', maxlength: 17 }), entry('phone', { type: 'tel', inputmode: 'tel', maxlength: 20 }),
    entry('address', { maxlength: 300 }), entry('guardian'), consent(draft, changed));
  return part.node;
}

function consent(draft, changed) {
  const ways = ['spoken', 'written', 'guardian'].map((how) => ({ value: how, words: t(`consent.${how}`) }));
  const options = [...ways, { value: 'no', words: t('consent.no') }];
  const chosen = draft.consent ? (draft.consent.given ? draft.consent.how : 'no') : null;
  return h('div', { id: 'consent' }, h('p', { class: 'label' }, t('consent.title')), h('p', { class: 'hint' }, t('consent.hint')),
    tiles(t('consent.title'), 'chips', options, chosen, (value) => {
      draft.consent = value === 'no' ? { given: false, how: 'spoken' } : { given: true, how: value };
      changed('consent');
    }));
}

export const metres = (value) => t('place.metres', { n: number(Math.round(value)) });
