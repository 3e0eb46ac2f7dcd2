// The worker: answers with the shell it keeps, without asking the network, and sends in the background where browsers allow it.
// `self.VERSION` and `self.SHELL` stand before this text.
import { flush } from './send.js';

const KEPT = 'socialmap-field-' + self.VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(self.SHELL.map((name) => new Request(name, { cache: 'reload' })))));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('socialmap-field-') && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const asked = new URL(event.request.url), here = new URL('./', self.location);
  if (event.request.method !== 'GET' || asked.origin !== here.origin || !asked.pathname.startsWith(here.pathname)) return;
  event.respondWith(caches.open(KEPT).then((cache) => cache.match(asked.pathname, { ignoreVary: true }))
    .then((kept) => kept || fetch(event.request)));
});

self.addEventListener('sync', (event) => {
  if (event.tag === 'send') event.waitUntil(flush().then((told) => { if (told?.left) throw new Error('some are left'); }));
});
