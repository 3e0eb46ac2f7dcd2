// When to send: at once, when the network or the app comes back, and again after pauses that grow while it fails.
import { refresh } from './server.js';
import { all } from './store.js';
import { askWhetherRevoked, flush } from './send.js';

const FIRST = 5000, LONGEST = 15 * 60000, ASK_EVERY = 10 * 60000;
let timer = null, pause = FIRST, asked = 0;

export async function sendSoon() {
  clearTimeout(timer);
  pause = FIRST;
  const registered = await navigator.serviceWorker?.getRegistration('./');
  try {
    if ((await all('envelopes')).length) await registered?.sync?.register('send');
  } catch {
    // Without background sync the app sends while it is open.
  }
  return attempt();
}

async function attempt() {
  clearTimeout(timer);
  if (navigator.onLine && Date.now() - asked > ASK_EVERY) {
    asked = Date.now();
    await askWhetherRevoked();
  }
  const told = await flush();
  if (told?.sent) await refresh();
  const left = told ? told.left : (await all('envelopes')).length;
  if (!left) return;
  clearTimeout(timer);
  timer = setTimeout(attempt, Math.max(told?.wait || 0, pause * (0.8 + Math.random() * 0.4)));
  pause = Math.min(pause * 2, LONGEST);
}

export function keepSending() {
  window.addEventListener('online', sendSoon);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sendSoon(); });
  return sendSoon();
}
