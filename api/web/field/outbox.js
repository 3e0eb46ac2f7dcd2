// What waits to be sent and what was: how many and when. What it says, nobody can read here any more.
import { button, h } from './dom.js';
import { icon } from './icons.js';
import { sendSoon } from './sending.js';
import { all, setting } from './store.js';
import { moment, number, t } from './words.js';

export async function outboxScreen({ go }) {
  const [envelopes, sent, sending] = await Promise.all([all('envelopes'), all('sent'), setting('sending')]);
  const groups = grouped(envelopes);
  const failed = sending?.failed && envelopes.length ? h('p', { class: 'told wrong' }, icon('warn', 22), t(`outbox.failed_${sending.failed}`)) : null;
  const node = h('div', { class: 'screen' }, failed,
    h('section', { class: 'part', 'aria-labelledby': 'waiting-title' },
      h('div', { class: 'part-head' }, h('h2', { id: 'waiting-title' }, groups.length ? t('outbox.waiting', { n: groups.length }) : t('outbox.title')),
        groups.length ? h('span', { class: 'note' }, t('outbox.sealed')) : null),
      groups.length ? h('ul', { class: 'rows', id: 'waiting' }, groups.map((parts) => waitingRow(parts, go))) : h('p', { class: 'note' }, t('outbox.none')),
      envelopes.length ? button([icon('outbox', 20), t('outbox.now')], () => sendSoon(), { class: 'wide' }) : null),
    h('section', { class: 'part', 'aria-labelledby': 'sent-title' },
      h('div', { class: 'part-head' }, h('h2', { id: 'sent-title' }, t('outbox.sent')), h('span', { class: 'note' }, t('outbox.sent_note'))),
      sent.length ? h('ul', { class: 'rows', id: 'sent' }, sent.sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1)).map(sentRow)) : h('p', { class: 'note' }, t('outbox.nothing_sent'))),
    h('p', { class: 'hint' }, t('outbox.hint')));
  return { title: t('outbox.title'), node, tab: 'outbox' };
}

export function grouped(envelopes) {
  const by = new Map();
  for (const one of envelopes) by.set(one.case, [...(by.get(one.case) || []), one]);
  return [...by.values()].map((all_) => all_.sort((a, b) => (a.made_at < b.made_at ? -1 : 1))).sort((a, b) => (a[0].made_at < b[0].made_at ? -1 : 1));
}

// What kinds of pieces wait of one case, how many and how large.
export function whatWaits(parts) {
  const size = parts.reduce((sum, one) => sum + one.total, 0);
  const photos = parts.filter((one) => one.kind === 'photo').length;
  const what = parts.some((one) => one.kind === 'case') ? 'case' : parts.some((one) => one.kind === 'observation') ? 'observation' : 'photo';
  const words = [t(`outbox.kind_${what}`), photos ? t('outbox.photos', { n: photos }) : '', t('outbox.size', { n: number(Math.ceil(size / 1024)) })];
  return words.filter(Boolean).join(' · ');
}

function waitingRow(parts, go) {
  const size = parts.reduce((sum, one) => sum + one.total, 0);
  const done = parts.reduce((sum, one) => sum + (one.received || 0), 0);
  const error = parts.find((one) => one.error)?.error;
  return h('li', {}, h('button', { type: 'button', class: 'row', onclick: () => go(`outbox/${parts[0].case}`) }, icon('lock', 26), h('span', { class: 'grow' }, h('strong', {}, moment(parts[0].made_at)),
    h('span', { class: 'note' }, whatWaits(parts)),
    error ? h('span', { class: 'note wrong' }, t('outbox.refused', { status: error })) : null,
    done ? h('progress', { max: size, value: done, 'aria-label': t('outbox.progress') }) : null), icon('next', 20)));
}

function sentRow(one) {
  return h('li', { class: 'row' }, icon('done', 26), h('span', { class: 'grow' }, h('strong', {}, t(`outbox.kind_${one.kind}`)),
    h('span', { class: 'note' }, t('outbox.sent_at', { when: moment(one.sent_at) }))), h('span', { class: `state ${one.state}` }, t(`state.${one.state}`)));
}
