// A clock that is far from the server's is told of: days and times are the phone's own. Nothing is put right unseen, for somebody
// may put the clock right while there is no signal.
import { h } from './dom.js';
import { icon } from './icons.js';
import { keepSetting, setting } from './store.js';
import { moment, t } from './words.js';

const FAR = 10 * 60000;

// Note how far this phone's clock is from what an answer of the server says.
export async function noteClock(answer) {
  const theirs = Date.parse(answer.headers.get('date') || '');
  if (Number.isNaN(theirs)) return;
  const wrong = Math.abs(theirs - Date.now()) > FAR;
  if (wrong !== Boolean(await setting('clock'))) await keepSetting('clock', wrong);
}

export async function clockWarning() {
  if (!(await setting('clock'))) return null;
  return h('div', { class: 'told wrong', id: 'clock' }, icon('clock', 22), h('p', {}, t('clock.wrong', { now: moment(new Date().toISOString()) })));
}
