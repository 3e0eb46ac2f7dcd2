// The PIN is asked for: to go on with drafts and to see one's own cases. A new case can be added without it.
import { button, field, h } from './dom.js';
import { icon } from './icons.js';
import { unlock } from './pin.js';
import { refresh } from './server.js';
import { pinBox } from './starting.js';
import { clock, t } from './words.js';

export async function lockScreen({ go, next = 'home' }) {
  const pin = pinBox({ id: 'pin' }), wrong = h('p', { class: 'wrong', role: 'alert' });
  const open = h('button', { class: 'main wide' }, t('lock.open'));
  async function tryPin(event) {
    event.preventDefault();
    if (open.disabled) return;
    open.disabled = true;
    wrong.textContent = t('lock.working');
    const told = await unlock(pin.value);
    open.disabled = false;
    pin.value = '';
    if (told.ok) {
      refresh();
      return go(next);
    }
    if (told.wiped) return go('home');
    wrong.textContent = told.until > Date.now() ? t('lock.wait', { left: told.left, time: clock(new Date(told.until + 59999)) }) : t('lock.wrong', { left: told.left });
    return pin.focus();
  }
  const node = h('div', { class: 'screen lock' }, icon('lock', 56),
    h('form', { onsubmit: tryPin, novalidate: true }, field(t('lock.pin'), pin), wrong, open),
    button([icon('plus', 22), t('lock.new')], () => go('new'), { class: 'wide', id: 'new-locked' }), h('p', { class: 'hint' }, t('lock.hint')));
  return { title: t('lock.title'), node, focus: pin };
}
