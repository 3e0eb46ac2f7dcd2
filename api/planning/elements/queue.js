// What was asked for waits in this browser until the server has answered, so that nothing is lost offline or by a reload.
(function (P) {
  'use strict';
  const MOST = 100;
  const LONGEST_WAIT = 30000;
  const REFUSING = [400, 413, 422];
  let counter = 0;
  let sending = false;
  let failures = 0;
  let timer = null;
  P.reached = true;
  P.stopped = null;

  const prefix = () => 'socialmap.plan.' + P.given.plan.id + '.' + P.given.account + '.';

  // One key for each operation: two windows of one person do not write over each other.
  function keep(each) {
    try {
      localStorage.setItem(prefix() + each.at, JSON.stringify(each));
      each.kept = true;
    } catch (error) { each.kept = false; }
  }

  function forget(each) {
    try { localStorage.removeItem(prefix() + each.at); } catch (error) { /* nothing was kept */ }
  }

  function keptHere() {
    let keys = [];
    try { keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix())); } catch (error) { /* keeps nothing */ }
    return keys.map(readable).filter((each) => each && each.at && each.operation && each.operation.id && each.operation.action);
  }

  function readable(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
  }

  P.takeUp = function () {
    const found = keptHere();
    found.sort((a, b) => (a.at < b.at ? -1 : 1));
    for (const each of found) {
      each.tried = true;
      P.state.pending.push(each);
      P.state.sent.add(each.operation.id);
    }
    P.rebuild();
  };

  // Asks for something; `base` is the number of the plan that whoever asks had last seen.
  P.ask = function (operation, base) {
    if (!P.state.mayEdit) return null;
    const asked = Object.assign({ id: P.newId(), base: base === undefined ? P.state.server.number : base }, operation);
    const last = P.state.pending.findLast((each) => !each.tried && each.operation.action === 'set' &&
      asked.action === 'set' && each.operation.part === asked.part && each.operation.field === asked.field);
    if (last) {
      last.operation.value = asked.value;
      keep(last);
    } else {
      const each = { at: String(Date.now()).padStart(15, '0') + '.' + String(counter++).padStart(6, '0'), operation: asked };
      P.state.pending.push(each);
      P.state.sent.add(asked.id);
      keep(each);
    }
    if (asked.action !== 'undo') P.state.redo = [];
    P.refresh();
    P.send();
    return asked;
  };

  // Takes back what was not sent yet; returns whether there was such a thing.
  P.unask = function () {
    const last = P.state.pending.at(-1);
    if (!last || last.tried) return false;
    P.state.pending.pop();
    forget(last);
    P.refresh();
    return true;
  };

  P.waiting = () => P.state.pending.filter((each) => !each.done);

  P.send = async function () {
    if (sending || P.stopped || !P.state.mayEdit) return;
    let some = P.waiting().slice(0, P.single ? 1 : MOST);
    if (!some.length) return;
    sending = true;
    clearTimeout(timer);
    P.tell('sending');
    try {
      for (const each of some) {
        each.tried = true;
        keep(each);
      }
      const operations = some.map((each) => sendable(each.operation));
      const answer = await P.post('/changes', { operations: operations });
      await answered(some, answer);
      failures = 0;
    } catch (error) {
      failed();
    } finally {
      sending = false;
      P.tell('sending');
    }
    if (!P.stopped && !timer && P.waiting().length && P.reached) P.send();
  };

  // Whether an undoing redoes something is this page's own affair.
  function sendable(operation) {
    const made = Object.assign({}, operation, { base: P.baseOf(operation) });
    delete made.redoes;
    return made;
  }

  P.isSending = () => sending;

  P.post = function (path, body) {
    return fetch(P.given.api + path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': P.given.csrf },
      body: JSON.stringify(body),
    });
  };

  async function answered(some, answer) {
    P.reached = true;
    timer = null;
    if (answer.ok) {
      P.single = false;
      const told = await answer.json();
      for (const result of told.results) settle(some.find((each) => each.operation.id === result.id), result, told.number);
      await P.catchUp();
      return;
    }
    const why = await answer.json().catch(() => ({ detail: P.th('plan.page.failed'), detail_en: P.en('plan.page.failed') }));
    if (REFUSING.includes(answer.status)) {
      // One that cannot even be read must not hold up the others: they are sent one by one.
      if (some.length === 1) refuse(some[0], { th: why.detail, en: why.detail_en });
      P.single = some.length > 1;
      P.refresh();
    } else if (answer.status === 429 || answer.status >= 500) {
      later();
    } else {
      P.stop(why, answer.status);
    }
  }

  function settle(each, result, number) {
    if (!each) return;
    forget(each);
    each.done = number;
    if (result.state === 'refused') refuse(each, result.error);
    else if (result.state === 'done' && result.number) P.tell('did', { operation: each.operation, number: result.number });
    for (const notice of result.notices) {
      P.state.notices.set(notice.part, notice);
      P.say(notice.words.th, notice.words.en);
    }
    if (result.state === 'done' && !result.notices.length) P.state.notices.delete(each.operation.part);
  }

  function refuse(each, words) {
    forget(each);
    P.state.pending = P.state.pending.filter((one) => one !== each);
    P.state.refused.push({ operation: each.operation, words: words });
    P.say(words.th, words.en, true);
    P.tell('refused');
  }

  function failed() {
    P.reached = false;
    later();
  }

  function later() {
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = null; P.send(); }, Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(failures, 5)));
  }

  // What the server has answered goes once the plan that is shown holds it.
  P.dropDone = function () {
    P.state.pending = P.state.pending.filter((each) => !(each.done && P.state.server.number >= each.done));
  };

  // Nothing more can be sent from this page; what waits stays in the browser.
  P.stop = function (why, status) {
    P.stopped = { th: why.detail || '', en: why.detail_en || '', status: status };
    P.state.mayEdit = false;
    P.tell('stopped');
    P.refresh();
  };

  window.addEventListener('online', () => { clearTimeout(timer); timer = null; failures = 0; P.send(); P.tell('sending'); });
  window.addEventListener('offline', () => P.tell('sending'));
})(window.PlanEditor);
