// What others change arrives: the server says that there is something new, the page asks for what it is.
(function (P) {
  'use strict';
  const OFTEN = 10000;
  const SELDOM = 60000;
  let running = null;
  let again = false;
  let stream = null;
  let timer = null;

  // Asks for all changes that the page has not seen; one asking at a time.
  P.catchUp = function () {
    if (running) {
      again = true;
      return running;
    }
    running = fetched().finally(() => {
      running = null;
      if (again) {
        again = false;
        P.catchUp().catch(() => {});
      }
    });
    return running;
  };

  async function fetched() {
    const others = [];
    for (let more = true; more; ) {
      const answer = await fetch(P.given.api + '/changes?since=' + P.state.server.number, { credentials: 'same-origin' });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
        P.stop(await answer.json().catch(() => ({})), answer.status);
        return;
      }
      if (!answer.ok) throw new Error('changes');
      const told = await answer.json();
      for (const change of told.changes) if (P.took(change)) others.push(change);
      more = told.more && told.changes.length > 0;
    }
    P.reached = true;
    P.dropDone();
    P.refresh();
    if (others.length) announce(others);
    const ended = others.find((change) => change.action === 'approve' || change.action === 'supersede');
    if (ended) P.stop({ detail: P.th('plan.page.ended'), detail_en: P.en('plan.page.ended') }, 409);
    P.tell('sending');
  }

  function announce(others) {
    const last = others.at(-1);
    const words = P.whoWords(last) + ': ' + P.changeWords(P.state.server, last);
    if (others.length === 1) P.say(words, '');
    else P.say(P.th('plan.page.others', { count: others.length }) + ' · ' + words, '');
    P.tell('others', others);
  }

  function lost() {
    P.reached = false;
    P.tell('sending');
  }

  // Whatever waits between here and the server may break a stream: asking again and again always works.
  function poll() {
    clearTimeout(timer);
    const open = stream && stream.readyState === EventSource.OPEN;
    timer = setTimeout(() => {
      if (!P.stopped) P.catchUp().catch(lost).finally(poll);
    }, open ? SELDOM : OFTEN);
  }

  function listen() {
    if (P.stopped || !P.given.events || !window.EventSource) return;
    stream = new EventSource(P.given.api + '/events');
    stream.addEventListener('change', (event) => {
      if (JSON.parse(event.data).number > P.state.server.number) P.catchUp().catch(() => {});
    });
    stream.addEventListener('open', poll);
    stream.addEventListener('error', () => {
      poll();
      // Closed for good by what lies between; tried once more after a while.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, SELDOM);
    });
  }

  P.follow = function () {
    if (!P.given.may.history) return;
    listen();
    poll();
    window.addEventListener('online', () => P.catchUp().catch(lost));
    document.addEventListener('visibilitychange', () => { if (!document.hidden && !P.stopped) P.catchUp().catch(() => {}); });
    P.on('stopped', () => { if (stream) stream.close(); clearTimeout(timer); });
  };

  // Who made a change, asked for once; the history answers a hundred lines at a time.
  P.changeOf = async function (number) {
    if (!P.state.changes.has(number)) {
      const answer = await fetch(P.given.api + '/history?before=' + (number + 1), { credentials: 'same-origin' });
      if (answer.ok) for (const change of (await answer.json()).changes) P.state.changes.set(change.number, change);
    }
    return P.state.changes.get(number) || null;
  };

  // Figures beside texts; where the server has none the page does without.
  P.readFigures = async function () {
    if (!P.given.bindings) return;
    try {
      const answer = await fetch(P.given.api + '/bindings', { credentials: 'same-origin' });
      if (!answer.ok) return;
      P.state.figures = new Map((await answer.json()).bindings.map((each) => [each.part, each]));
      P.tell('drawn');
    } catch (error) { /* shown without */ }
  };
})(window.PlanEditor);
