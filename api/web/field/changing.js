// A change of a case, from what the list tells of it or from an empty form. What is entered is sealed and added to the case.
import { button, h, say } from './dom.js';
import { finishEdit, hasPerson, written } from './drafts.js';
import { icon } from './icons.js';
import { groupsPart, personPart, problemPart, referencePart, urgencyPart, wordsPart } from './parts.js';
import { placePart } from './placing.js';
import { sendSoon } from './sending.js';
import { setting } from './store.js';
import { t } from './words.js';

const empty = () => ({
  problem: null, target_groups: [], urgency: null, place: null, reported_on: null, external_ref: '', description: '', person: {}, consent: null,
});

// `known` is what the form begins with, `seen(field)` names the observations that a new value replaces, `agreed` says that the
// office has an answer about consent, `words` names the sentences, `after(id, fields)` is done once the change is kept.
export async function changeScreen({ caseId, known = {}, seen, agreed, words, head, title, back, after = null, leave, go }) {
  const [areas, phone] = [(await setting('areas'))?.areas || [], await setting('phone')];
  const draft = { ...empty(), ...known }, before = written(draft), touched = new Set();
  const mistakes = h('div', { class: 'mistakes', role: 'alert', hidden: true }, t('new.need_consent'));
  let over = false;
  const changed = (key) => { touched.add(key); mistakes.hidden = true; };
  const places = placePart(draft, changed, { areas, phone, quiet: true });
  const save = button(t('edit.save'), () => done(), { class: 'main save', id: 'save' });
  const node = h('div', { class: 'screen form' }, head,
    wordsPart(draft, changed, t(words.label), t(words.hint)), urgencyPart(draft, changed), problemPart(draft, changed), places.node,
    groupsPart(draft, changed, t('edit.replaces')), personPart(draft, changed, t('edit.person_lead'), t('edit.replaces')), referencePart(draft, changed),
    h('div', { class: 'bottom' }, mistakes, save, h('p', { class: 'note' }, t(words.added))));

  // Only what was touched and is another value than before.
  function fields() {
    const now = written(draft);
    return Object.fromEntries(Object.entries(now).filter(([key, value]) => touched.has(key.split('.')[0]) && JSON.stringify(value) !== JSON.stringify(before[key])));
  }

  async function done() {
    const made = fields();
    if (!Object.keys(made).length) return say(t('edit.nothing'));
    if (hasPerson(draft) && !draft.consent && !agreed) return ask();
    save.disabled = true;
    try {
      const id = await finishEdit(caseId, made, Object.fromEntries(Object.keys(made).map((key) => [key, seen(key)])));
      over = true;
      if (after) await after(id, made);
    } catch {
      save.disabled = over;
      if (!over) return say(t('new.not_sealed'));
    }
    sendSoon();
    say(t('edit.saved'));
    return go(back);
  }

  function ask() {
    mistakes.hidden = false;
    const found = node.querySelector('#consent input');
    found.closest('details').open = true;
    found.focus();
    found.scrollIntoView({ block: 'center' });
  }

  const warn = (event) => { if (!over && touched.size) event.preventDefault(); };
  window.addEventListener('beforeunload', warn);
  leave(async (kept = true) => {
    window.removeEventListener('beforeunload', warn);
    places.stop();
    if (kept && !over && Object.keys(fields()).length) say(t('edit.dropped'));
  });
  return { title, back, node };
}

export const told = (sign, ...words) => h('div', { class: 'told plain' }, icon(sign, 26), h('div', {}, words));
