// A new case: everything on one page, in the order of one thumb. It is kept while it is written and sealed when it is finished.
import { button, h, say } from './dom.js';
import { dropDraft, finish, hasPerson, keepDraft, newDraft, openDraft } from './drafts.js';
import { hold } from './holding.js';
import { icon } from './icons.js';
import { groupsPart, personPart, problemPart, referencePart, urgencyPart, wordsPart } from './parts.js';
import { photoPart } from './photographing.js';
import { placePart } from './placing.js';
import { unlocked } from './pin.js';
import { sendSoon } from './sending.js';
import { clockWarning } from './clocks.js';
import { setting } from './store.js';
import { t } from './words.js';

const PAUSE = 400;

export async function captureScreen({ draftId, leave, go }) {
  const fresh = newDraft(), release = await hold(draftId || fresh.id);
  if (!release) return { title: t('new.title'), back: 'home', node: h('p', { class: 'screen note' }, t('new.elsewhere')) };
  const draft = (draftId && await openDraft(draftId)) || fresh;
  const [areas, phone] = [(await setting('areas'))?.areas || [], await setting('phone')];
  const mistakes = h('div', { class: 'mistakes', role: 'alert', tabindex: -1, hidden: true });
  let timer = null, saving = Promise.resolve(), over = false;

  function keep() {
    clearTimeout(timer);
    timer = null;
    if (!over) saving = saving.then(() => (over ? null : keepDraft(draft))).catch(() => say(t('new.not_kept')));
    return saving;
  }

  function changed() {
    mistakes.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  const place = placePart(draft, changed, { areas, phone });
  const photos = photoPart(draft, keep);
  const save = button(t('new.save'), () => done(), { class: 'main save', id: 'save' });
  const node = h('div', { class: 'screen form' },
    unlocked() ? null : h('p', { class: 'told' }, icon('lock', 20), t('new.no_draft')), await clockWarning(),
    mistakes, problemPart(draft, changed), urgencyPart(draft, changed), place.node, groupsPart(draft, changed),
    wordsPart(draft, changed), photos.node, personPart(draft, changed), referencePart(draft, changed),
    draftId ? button(t('draft.drop'), () => drop(), { class: 'danger wide' }) : null,
    h('div', { class: 'bottom' }, save, h('p', { class: 'note' }, t('new.sealed'))));

  function missing() {
    const wanted = [
      [!draft.problem, 'new.need_problem', 'input[value^="P"]'],
      [!draft.urgency, 'new.need_urgency', 'input[value^="U"]'],
      [!draft.place, 'new.need_place', '#gps'],
      [hasPerson(draft) && !draft.consent, 'new.need_consent', '#consent input'],
    ];
    return wanted.filter(([is]) => is);
  }

  async function done() {
    const wanted = missing();
    if (wanted.length) {
      mistakes.replaceChildren(h('p', {}, t('new.missing')), h('ul', {}, wanted.map(([, words, where]) => h('li', {},
        h('a', { href: '#', onclick: (event) => { event.preventDefault(); show(where); } }, t(words))))));
      mistakes.hidden = false;
      mistakes.focus();
      mistakes.scrollIntoView({ block: 'center' });
      return;
    }
    save.disabled = true;
    save.textContent = t('new.sealing');
    try {
      await photos.ready();
      clearTimeout(timer);
      await saving;
      await finish(draft);
    } catch {                         // the disk may be full: everything stays as it is, on the screen and in the draft
      save.disabled = false;
      save.textContent = t('new.save');
      say(t('new.not_sealed'));
      return;
    }
    over = true;
    sendSoon();
    say(t('new.saved'));
    go('home');
  }

  function show(where) {
    const found = node.querySelector(where) || node.querySelector('#move-pin');
    const folded = found.closest('details');
    if (folded) folded.open = true;
    found.focus();
    found.scrollIntoView({ block: 'center' });
  }

  async function drop() {
    if (!confirm(t('draft.drop_sure'))) return;
    over = true;
    await saving;
    await dropDraft(draft);
    go('home');
  }

  const hide = () => { if (document.hidden) keep(); };
  const warn = (event) => { if (!over && !unlocked() && (draft.problem || draft.photos.length)) event.preventDefault(); };
  document.addEventListener('visibilitychange', hide);
  window.addEventListener('beforeunload', warn);
  leave(async (kept = true) => {
    document.removeEventListener('visibilitychange', hide);
    window.removeEventListener('beforeunload', warn);
    place.stop();
    await photos.ready();
    if (kept) await keep();
    over = true;
    photos.stop();
    release();
  });
  return { title: t('new.title'), back: 'home', node, keep };
}
