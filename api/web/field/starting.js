// The beginning: what this is, signing in on the page of accounts, a name and a PIN for this phone.
import { button, field, h, say } from './dom.js';
import { icon } from './icons.js';
import { pinFits } from './pin.js';
import { enrol, refresh, Refused, whoIsSignedIn } from './server.js';
import { all, askToPersist, setting } from './store.js';
import { t } from './words.js';

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
    : !signedIn.signed_in || !signedIn.csrf ? signIn() : may ? form(signedIn, phone, go) : h('p', { class: 'told wrong' }, icon('warn', 22), t('start.not_allowed'));
  const node = h('div', { class: 'screen' }, told, kept, h('p', { class: 'lead' }, t('start.lead')),
    h('ol', { class: 'promises' }, ['sealed', 'pin', 'offline'].map((key) => h('li', {}, icon({ sealed: 'done', pin: 'lock', offline: 'offline' }[key], 26), h('span', {}, t(`start.promise_${key}`))))),
    next, h('p', {}, h('a', { href: '#privacy' }, t('start.privacy'))));
  return { title: t('start.title'), node };
}

const signIn = () => h('div', { class: 'part' }, h('p', {}, t('start.sign_in_lead')),
  h('a', { class: 'button main', href: '/signin?next=/field/' }, t('start.sign_in')));

function form(signedIn, phone, go) {
  const title = h('input', { type: 'text', maxlength: 80, required: true, autocomplete: 'off', value: phone?.name || t('start.name_default') });
  const pin = pinBox(), again = pinBox();
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const send = h('button', { class: 'main wide' }, t('start.begin'));
  async function begin(event) {
    event.preventDefault();
    wrong.textContent = '';
    if (!pinFits(pin.value)) return refuse(t('pin.weak'), pin);
    if (pin.value !== again.value) return refuse(t('pin.differ'), again);
    send.disabled = true;
    send.textContent = t('start.working');
    try {
      await enrol(title.value.trim() || t('start.name_default'), pin.value, signedIn.csrf);
    } catch (error) {
      send.disabled = false;
      send.textContent = t('start.begin');
      return refuse(error instanceof Refused ? t('start.refused', { why: error.message }) : t('start.broken'), send);
    }
    askToPersist();
    refresh();
    say(t('start.done'));
    return go('home');
  }
  function refuse(words, where) {
    wrong.textContent = words;
    where.focus();
  }
  return h('form', { class: 'part', onsubmit: begin, novalidate: true },
    h('p', { class: 'note' }, t('start.signed_in', { name: signedIn.name || signedIn.login })),
    field(t('start.name'), title, t('start.name_hint')), field(t('pin.new'), pin, t('pin.rule')), field(t('pin.again'), again), wrong, send);
}

export const pinBox = (attributes = {}) => h('input', { type: 'password', inputmode: 'numeric', pattern: '[0-9]*', maxlength: 12, autocomplete: 'off', class: 'pin', ...attributes });
