// The app: which screen is shown, the head and the foot around it, and what happens when the app comes and goes.
import { h, hush, say } from './dom.js';
import { captureScreen } from './capture.js';
import { caseScreen, casesScreen } from './cases.js';
import { homeScreen } from './home.js';
import { icon } from './icons.js';
import { lockScreen } from './locking.js';
import { outboxScreen } from './outbox.js';
import { forgetKey, lock, unlocked } from './pin.js';
import { ME } from './send.js';
import { keepSending } from './sending.js';
import { refresh } from './server.js';
import { dress, privacyScreen, settingsScreen } from './settings.js';
import { startScreen } from './starting.js';
import { all, setting } from './store.js';
import { correctScreen, waitingScreen } from './waiting.js';
import { loadWords, speak, t } from './words.js';

const AWAY = 5 * 60000;
const TABS = ['home', 'outbox', 'cases', 'settings'];
const LIVE = new Set(['home', 'outbox', 'cases']);   // drawn anew when something changes: nothing is entered on them
let leaving = null, shown = null, live = false, drawing = Promise.resolve(), hiddenAt = 0, waitingWorker = null, offered = null, away = false;

// Where something is being entered the app is not locked under somebody's hand.
const entering = () => ['new', 'correct'].includes(asked()[0]) || (asked()[0] === 'cases' && asked()[1]);
const asked = () => location.hash.slice(1).split('/');

function go(place) {
  if (location.hash === `#${place}`) return draw();
  location.hash = place;
  return null;
}

async function screenFor([place, id]) {
  const [phone, pin] = [await setting('phone'), await setting('pin')];
  const leave = (act) => { leaving = act; };
  if (place === 'privacy') return privacyScreen();
  if (!phone || place === 'start') return startScreen({ go });
  if (place === 'new' && id && pin && !unlocked()) return lockScreen({ go, next: `new/${id}` });
  if (place === 'new') return captureScreen({ draftId: id, leave, go });
  if (place === 'settings') return settingsScreen({ go, update: waitingWorker && takeOver, install: offered && install });
  if (place === 'outbox') return id ? waitingScreen({ caseId: id, go }) : outboxScreen({ go });
  if (place === 'correct') return correctScreen({ caseId: id, leave, go });
  if (pin && !unlocked() && (place === 'lock' || !place)) return lockScreen({ go });
  if (place === 'cases') return id ? caseScreen({ caseId: id, leave, go }) : casesScreen({ go });
  return homeScreen({ go });
}

// One after the other: a screen is left, and what was written on it kept, before the next one is made.
function draw() {
  drawing = drawing.then(drawOnce).catch((error) => {
    document.getElementById('main').replaceChildren(h('p', { class: 'screen told wrong' }, t('app.broken')));
    throw error;
  });
  return drawing;
}

async function drawOnce() {
  const left = leaving;
  leaving = null;
  if (left) await left();
  if (away && !entering()) {
    away = false;
    lock();
  }
  const place = asked(), key = place.join('/'), screen = await screenFor(place);
  const main = document.getElementById('main'), moved = key !== shown, at = window.scrollY;
  [shown, live] = [key, screen.live || LIVE.has(screen.tab)];
  const held = moved ? -1 : reachable(main).indexOf(document.activeElement);
  main.replaceChildren(screen.node);
  document.title = `${screen.title} · ${t('app.name')}`;
  await frame(screen);
  if (!moved) {
    window.scrollTo(0, at);
    return reachable(main)[held]?.focus({ preventScroll: true });
  }
  window.scrollTo(0, 0);
  return (screen.focus || document.querySelector('#title')).focus({ preventScroll: true });
}

// What is drawn anew while somebody is on it keeps their place.
const reachable = (node) => [...node.querySelectorAll('a, button, input, select, textarea, summary')];

async function frame(screen) {
  const back = screen.back ? h('a', { class: 'back', href: `#${screen.back}`, 'aria-label': t('app.back') }, icon('back', 26)) : null;
  document.getElementById('head').replaceChildren(...[back, h('h1', { id: 'title', tabindex: -1 }, screen.title), await chip()].filter(Boolean));
  const foot = document.getElementById('foot');
  foot.hidden = !screen.tab;
  const count = await waiting();
  foot.setAttribute('aria-label', t('app.tabs'));
  foot.replaceChildren(...TABS.map((one) => h('a', { href: `#${one}`, 'aria-current': screen.tab === one ? 'page' : null },
    icon(one, 26), h('span', {}, t(`tab.${one}`)), one === 'outbox' && count ? h('span', { class: 'badge' }, String(count)) : null)));
}

const waiting = async () => new Set((await all('envelopes')).map((one) => one.case)).size;

async function chip() {
  const count = await waiting(), online = navigator.onLine;
  const words = online ? (count ? t('chip.waiting', { n: count }) : t('chip.online')) : (count ? t('chip.offline_waiting', { n: count }) : t('chip.offline'));
  return h('div', { role: 'status', id: 'chip' }, h('a', { class: `chip ${online ? 'online' : 'offline'}`, href: '#outbox' },
    icon(online ? (count ? 'clock' : 'online') : 'offline', 18), h('span', {}, words)));
}

async function heard({ data: { what, from } }) {
  if (what === 'locked' && from !== ME && unlocked()) {
    if (!entering()) forgetKey();
    else away = true;
  }
  if (what === 'revoked' || (what === 'rekeyed' && from !== ME)) {
    forgetKey();
    const left = leaving;
    leaving = null;
    await left?.(false);          // what stands on the screen is not kept: there is nothing left to lock it with
    return go(what === 'revoked' ? 'start' : 'home');
  }
  if (live) return draw();
  return document.getElementById('chip')?.replaceWith(await chip());
}

function cameAndWent() {
  if (document.hidden) {
    hiddenAt = Date.now();
    return;
  }
  if (unlocked() && hiddenAt && Date.now() - hiddenAt > AWAY) away = true;
  if (away && !entering()) draw();
  else refresh();
}

async function work() {
  if (!navigator.serviceWorker) return;
  const policy = window.trustedTypes?.createPolicy('field', { createScriptURL: (address) => {
    if (address !== 'sw.js') throw new TypeError(address);
    return address;
  } });
  const registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL('sw.js') : 'sw.js', { type: 'module', updateViaCache: 'none' });
  const look = () => {
    waitingWorker = registration.waiting;
    if (waitingWorker && navigator.serviceWorker.controller) say(t('settings.update'));
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
}

// The browser offers to put the app on the home screen; it is taken up in the settings, not thrown at anybody.
function hold(event) {
  event.preventDefault();
  offered = event;
}

async function install() {
  await offered.prompt();
  offered = null;
  draw();
}

function takeOver() {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waitingWorker.postMessage('take over');
}

async function begin() {
  await loadWords();
  speak(await setting('language'));
  dress(await setting('look'));
  new BroadcastChannel('socialmap-field').onmessage = heard;
  window.addEventListener('hashchange', draw);
  window.addEventListener('beforeinstallprompt', hold);
  window.addEventListener('pointerdown', hush, { passive: true });
  for (const kind of ['online', 'offline']) window.addEventListener(kind, () => heard({ data: { what: 'net', from: ME } }));
  document.addEventListener('visibilitychange', cameAndWent);
  work().catch(() => say(t('app.no_worker')));
  await draw();
  document.documentElement.dataset.ready = 'true';
  await keepSending();
  if (navigator.onLine) refresh();
}

// Without a place to keep anything there is no app: that is said, and not a white screen shown.
begin().catch((error) => {
  document.getElementById('failed').hidden = false;
  throw error;
});
