// One case that waits to be sent: it cannot be read here any more, but more can be added to it, and it can be withdrawn.
import { changeScreen, told } from './changing.js';
import { button, h, say } from './dom.js';
import { icon } from './icons.js';
import { grouped, whatWaits } from './outbox.js';
import { unlocked } from './pin.js';
import { sendSoon } from './sending.js';
import { all, setting } from './store.js';
import { withdraw } from './withdrawing.js';
import { moment, t } from './words.js';

const WORDS = { label: 'correct.words', hint: 'correct.words_hint', added: 'correct.added' };

const waitingParts = async (caseId) => grouped((await all('envelopes')).filter((one) => one.case === caseId))[0];

export async function waitingScreen({ caseId, go }) {
  const [parts, pin] = [await waitingParts(caseId), await setting('pin')];
  const back = 'outbox', title = t('waiting.title');
  if (!parts) return { title, back, live: true, node: h('div', { class: 'screen' }, h('p', { class: 'told' }, icon('done', 22), h('span', {}, t('waiting.gone')))) };
  const whole = parts.some((one) => one.kind === 'case');
  const node = h('div', { class: 'screen' },
    told('lock', h('strong', {}, moment(parts[0].made_at)), h('p', {}, whatWaits(parts))),
    h('p', {}, t('waiting.sealed')),
    h('section', { class: 'part', 'aria-labelledby': 'correct-title' }, h('h2', { id: 'correct-title' }, t('correct.title')), h('p', { class: 'hint' }, t('correct.lead')),
      button([icon('draft', 22), t('correct.begin')], () => go(`correct/${caseId}`), { class: 'wide', id: 'correct' })),
    h('section', { class: 'part', 'aria-labelledby': 'withdraw-title' }, h('h2', { id: 'withdraw-title' }, t('withdraw.title')),
      h('p', { class: 'hint' }, t(whole ? 'withdraw.lead' : 'withdraw.lead_more')),
      unlocked() ? button(t('withdraw.begin'), () => ask(caseId, go), { class: 'danger wide', id: 'withdraw' })
        : h('div', { class: 'told' }, icon('lock', 22), h('div', {}, h('p', {}, t('withdraw.locked')), pin ? button(t('home.unlock'), () => go('lock')) : null))));
  return { title, back, node, live: true };
}

async function ask(caseId, go) {
  if (!confirm(t('withdraw.sure'))) return null;
  let outcome = await withdraw(caseId);
  if (outcome === 'unsure' && confirm(t('withdraw.unsure'))) outcome = await withdraw(caseId, true);
  if (outcome === 'unsure') return null;
  say(t(`withdraw.${outcome}`));
  if (outcome === 'arrived') sendSoon();
  return go('outbox');
}

export async function correctScreen({ caseId, leave, go }) {
  const parts = await waitingParts(caseId), title = t('correct.title');
  if (!parts) return { title, back: 'outbox', node: h('p', { class: 'screen note' }, t('waiting.gone')) };
  // Who corrects it here wrote it here: the new value takes the place of the case's own and of corrections before this one.
  const own = [caseId, ...parts.filter((one) => one.kind === 'observation').map((one) => one.id)];
  const head = told('lock', h('strong', {}, moment(parts[0].made_at)), h('p', {}, t('correct.empty')));
  return changeScreen({ caseId, head, title, back: 'outbox', words: WORDS, leave, go, agreed: false, seen: () => own });
}
