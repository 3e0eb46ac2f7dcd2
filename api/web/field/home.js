// The first screen: add a case, go on with a draft, see what waits.
import { clockWarning } from './clocks.js';
import { button, h } from './dom.js';
import { listDrafts } from './drafts.js';
import { icon, urgencySign } from './icons.js';
import { unlocked } from './pin.js';
import { all, setting } from './store.js';
import { moment, problemName, t } from './words.js';

export async function homeScreen({ go }) {
  const [drafts, envelopes, ended, pin] = await Promise.all([listDrafts(), all('envelopes'), setting('ended'), setting('pin')]);
  const waiting = new Set(envelopes.map((one) => one.case)).size;
  const node = h('div', { class: 'screen' },
    ended && pin ? h('div', { class: 'told wrong' }, icon('warn', 22), h('div', {}, h('p', {}, t('home.ended')), button(t('home.again'), () => go('start')))) : null,
    !pin ? h('div', { class: 'told wrong' }, icon('warn', 22), h('div', {}, h('p', {}, t('home.no_pin')), button(t('home.again'), () => go('start')))) : null,
    pin && !unlocked() ? h('div', { class: 'told' }, icon('lock', 22), h('div', {}, h('p', {}, t('home.locked')), button(t('home.unlock'), () => go('lock')))) : null,
    await clockWarning(),
    button([icon('plus', 26), t('home.new')], () => go('new'), { class: 'main new', id: 'new-case' }),
    waitingCard(waiting, go),
    h('section', { class: 'part', 'aria-labelledby': 'drafts-title' }, h('div', { class: 'part-head' }, h('h2', { id: 'drafts-title' }, t('draft.title')), h('span', { class: 'note' }, t('draft.note'))),
      drafts.length ? h('ul', { class: 'rows' }, drafts.map((draft) => row(draft, go))) : h('p', { class: 'note' }, t(unlocked() ? 'draft.none' : 'draft.locked'))));
  return { title: t('home.title'), node, tab: 'home' };
}

function waitingCard(waiting, go) {
  return h('button', { type: 'button', class: 'card-button', onclick: () => go('outbox') },
    icon(waiting ? 'clock' : 'done', 26), h('span', { class: 'grow' }, h('strong', {}, waiting ? t('home.waiting', { n: waiting }) : t('home.all_sent')),
      h('span', { class: 'note' }, waiting ? t('home.waiting_note') : t('home.all_sent_note'))));
}

function row(draft, go) {
  return h('li', {}, h('button', { type: 'button', class: 'row', onclick: () => go(`new/${draft.id}`) },
    draft.problem ? icon(draft.problem.slice(0, 3), 28) : icon('draft', 28),
    h('span', { class: 'grow' }, h('strong', {}, draft.problem ? problemName(draft.problem) : t('draft.unnamed')),
      h('span', { class: 'note' }, t('draft.changed', { when: moment(draft.changed_at) }))),
    draft.urgency ? urgencySign(draft.urgency) : null));
}
