// The beginning: what this is, signing in on the page of accounts, a name and a PIN for this phone.
import { button, field, h, say } from './dom.js';
import { icon } from './icons.js';
import { pinFits, unlock } from './pin.js';
import { enrol, refresh, Refused, whoIsSignedIn } from './server.js';
import { tell } from './send.js';
import { all, askToPersist, keepSetting, setting, wipe } from './store.js';
import { speak, spoken, t } from './words.js';

const NAMES = { th: 'ไทย', en: 'English' };
const MAY = ['case.submit', 'case.write'];

export async function startScreen({ go }) {
  const [phone, revoked, waiting] = [await setting('phone'), await setting('revoked'), (await all('envelopes')).length];
  let signedIn = null, reached = true;
  try {
    signedIn = await whoIsSignedIn();
  } catch {
    reached = false;
  }
  const told = revoked ? h('div', { class: 'told wrong' }, icon('warn', 22), h('p', {}, t('start.revoked'))) : null;
  const kept = waiting ? h('p', { class: 'told' }, icon('clock', 22), t('start.waiting', { n: waiting })) : null;
  const may = signedIn?.signed_in && MAY.some((one) => signedIn.permissions.includes(one));
  const next = !reached ? h('p', { class: 'told wrong' }, icon('offline', 22), t('start.offline'))
    : !signedIn.signed_in || !signedIn.csrf ? signIn() : may ? form(signedIn, phone, await setting('pin'), go) : h('p', { class: 'told wrong' }, icon('warn', 22), t('start.not_allowed'));
  const other = spoken() === 'th' ? 'en' : 'th';
  const languages = h('div', { class: 'languages' }, button(NAMES[other], async () => {
    await keepSetting('language', other);
    speak(other);
    go('start');
  }, { lang: other, id: 'language' }));
  const node = h('div', { class: 'screen' }, languages, told, kept, h('p', { class: 'lead' }, t('start.lead')),
    h('ol', { class: 'promises' }, ['sealed', 'pin', 'offline'].map((key) => h('li', {}, icon({ sealed: 'done', pin: 'lock', offline: 'offline' }[key], 26), h('span', {}, t(`start.promise_${key}`))))),
    next, h('p', {}, h('a', { href: '#privacy' }, t('start.privacy'))));
  return { title: t('start.title'), node };
}

const signIn = () => h('div', { class: 'part' }, h('p', {}, t('start.sign_in_lead')),
  h('a', { class: 'button main', href: '/signin?next=/field/' }, t('start.sign_in')));

// A phone that has a PIN keeps it, and its drafts: who signs in anew shows that they know it.
function form(signedIn, phone, held, go) {
  const title = h('input', { type: 'text', maxlength: 80, required: true, autocomplete: 'off', value: phone?.name || t('start.name_default') });
  const pin = pinBox(), again = pinBox();
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const send = h('button', { class: 'main wide' }, t('start.begin'));
  async function begin(event) {
    event.preventDefault();
    wrong.textContent = '';
    send.disabled = true;
    send.textContent = t('start.working');
    const refused = held ? await known(pin) : fits(pin, again);
    if (refused) return refuse(...refused);
    try {
      await enrol(title.value.trim() || t('start.name_default'), held ? null : pin.value, signedIn.csrf);
    } catch (error) {
      return refuse(error instanceof Refused ? t('start.refused', { why: error.message }) : t('start.broken'), send);
    }
    askToPersist();
    refresh();
    say(t('start.done'));
    return go('home');
  }
  function refuse(words, where) {
    send.disabled = false;
    send.textContent = t('start.begin');
    wrong.textContent = words;
    where.focus();
  }
  const pins = held ? [field(t('lock.pin'), pin, t('start.pin_kept'))] : [field(t('pin.new'), pin, t('pin.rule')), field(t('pin.again'), again)];
  return h('form', { class: 'part', onsubmit: begin, novalidate: true },
    h('p', { class: 'note' }, t('start.signed_in', { name: signedIn.name || signedIn.login })),
    field(t('start.name'), title, t('start.name_hint')), ...pins, wrong, send,
    held ? button(t('start.forgotten'), () => forgetPin(go), { class: 'quiet wide', id: 'forgotten' }) : null);
}

async function known(pin) {
  const told = await unlock(pin.value);
  if (told.ok) return null;
  return [told.wiped ? t('start.wiped') : t('lock.wrong', { left: told.left }), pin];
}

function fits(pin, again) {
  if (!pinFits(pin.value)) return [t('pin.weak'), pin];
  return pin.value === again.value ? null : [t('pin.differ'), again];
}

async function forgetPin(go) {
  if (!confirm(t('start.forgotten_sure'))) return;
  await wipe();
  tell('rekeyed');
  go('start');
}

export const pinBox = (attributes = {}) => h('input', { type: 'password', inputmode: 'numeric', pattern: '[0-9]*', maxlength: 12, autocomplete: 'off', class: 'pin', ...attributes });
