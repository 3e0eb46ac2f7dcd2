// Language, look, PIN, this phone; and plainly how far each protection goes.
import { button, field, h, say, section, tiles } from './dom.js';
import { changePin, lock, pinFits, unlocked } from './pin.js';
import { tell } from './send.js';
import { pinBox } from './starting.js';
import { all, askToPersist, keepSetting, setting, wipe } from './store.js';
import { day, speak, spoken, t } from './words.js';

export const LOOKS = ['auto', 'sun', 'dark'];

export function dress(look) {
  document.documentElement.dataset.look = LOOKS.includes(look) ? look : 'auto';
}

export async function settingsScreen({ go, update, install }) {
  const [phone, look, pin, areas] = [await setting('phone'), await setting('look'), await setting('pin'), await setting('areas')];
  const languages = [{ value: 'th', words: 'ไทย' }, { value: 'en', words: 'English' }];
  const looks = LOOKS.map((value) => ({ value, words: t(`look.${value}`) }));
  const kept = h('p', { class: 'note' }, '');
  askToPersist().then((held) => { kept.textContent = t(held ? 'settings.kept' : 'settings.not_kept'); });
  const node = h('div', { class: 'screen' },
    update ? h('div', { class: 'told' }, h('div', {}, h('p', {}, t('settings.update')), button(t('settings.update_now'), update))) : null,
    install ? button(t('settings.install'), install, { class: 'main wide install' }) : null,
    section(t('settings.language'), null, tiles(t('settings.language'), 'chips', languages, spoken(), async (value) => {
      await keepSetting('language', value);
      speak(value);
      go('settings');
    })),
    section(t('settings.look'), null, tiles(t('settings.look'), 'chips', looks, look || 'auto', async (value) => {
      await keepSetting('look', value);
      dress(value);
    }), h('p', { class: 'hint' }, t('settings.look_hint'))),
    pin ? pinPart(go) : null,
    section(t('settings.phone'), null, h('p', {}, t('settings.phone_is', { name: phone.name })),
      h('p', { class: 'note' }, areas?.as_of ? t('settings.areas_of', { when: day(areas.as_of) }) : ''), kept,
      button(t('settings.forget'), () => forget(go), { class: 'danger wide' })),
    h('p', {}, h('a', { class: 'button wide', href: '#privacy' }, t('settings.privacy'))));
  return { title: t('settings.title'), node, tab: 'settings' };
}

function pinPart(go) {
  const [old, pin, again] = [pinBox(), pinBox(), pinBox()];
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  async function change(event) {
    event.preventDefault();
    wrong.textContent = '';
    if (!pinFits(pin.value)) wrong.textContent = t('pin.weak');
    else if (pin.value !== again.value) wrong.textContent = t('pin.differ');
    else {
      wrong.textContent = t('lock.working');
      const told = await changePin(old.value, pin.value);
      if (told.wiped) return go('home');
      wrong.textContent = told.ok ? '' : t('lock.wrong', { left: told.left });
      if (told.ok) {
        event.target.reset();
        event.target.closest('details').open = false;
        say(t('pin.changed'));
      }
    }
    return null;
  }
  return section(t('settings.pin'), null,
    unlocked() ? button(t('settings.lock'), () => { lock(); go('lock'); }, { class: 'wide' }) : null,
    h('details', { class: 'fold' }, h('summary', {}, h('span', { class: 'fold-title' }, t('pin.change'))),
      h('form', { onsubmit: change, novalidate: true }, field(t('pin.old'), old), field(t('pin.new'), pin, t('pin.rule')), field(t('pin.again'), again), wrong,
        h('button', { class: 'wide' }, t('pin.change')))));
}

async function forget(go) {
  const waiting = (await all('envelopes')).length;
  if (!confirm(t(waiting ? 'settings.forget_waiting' : 'settings.forget_sure', { n: waiting }))) return;
  lock();
  await wipe({ phone: true });
  tell('rekeyed');
  go('start');
}

const POINTS = ['sealed', 'drafts', 'pin', 'lost', 'areas', 'sender', 'photos', 'erased', 'not'];

export async function privacyScreen() {
  const node = h('div', { class: 'screen prose' }, h('p', { class: 'lead' }, t('privacy.lead')),
    POINTS.map((key) => h('section', { class: 'part' }, h('h2', {}, t(`privacy.${key}`)), h('p', {}, t(`privacy.${key}_is`)))));
  return { title: t('privacy.title'), back: 'home', node };
}
