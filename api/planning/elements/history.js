// The history of the plan: who did what and when, newest first; any state can be looked at, compared and brought back.
(function (P) {
  'use strict';
  let lines = [];
  let more = false;

  async function read(before) {
    const answer = await fetch(P.given.api + '/history' + (before ? '?before=' + before : ''), { credentials: 'same-origin' });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail);
    for (const change of told.changes) P.state.changes.set(change.number, change);
    lines = lines.concat(told.changes);
    more = told.more;
  }

  P.openHistory = async function () {
    const dialog = P.find('history');
    if (!dialog.open) dialog.showModal();
    lines = [];
    try {
      await read();
    } catch (error) {
      P.sayKey('plan.page.failed', {}, true);
    }
    draw();
    P.drawCompare();
  };

  function draw() {
    const rows = lines.map(line);
    P.find('history-list').replaceChildren(...rows);
    const button = P.find('history-more');
    button.hidden = !more;
  }

  function line(change) {
    const when = P.put('time', '', change.at ? P.moment(change.at) : '');
    if (change.at) when.dateTime = change.at;
    const head = P.el('p', 'who', P.put('strong', '', P.whoWords(change)), ' · ', when, ' · ', P.put('span', 'hint', P.th('plan.page.number', { number: change.number })));
    const did = P.put('p', 'did', P.changeWords(P.state.server, change) + (change.clashed ? ' (' + P.th('plan.page.two_values') + ')' : ''));
    const acts = P.el('p', 'acts', P.bothButton('quiet', 'plan.page.compare_from', () => P.compareFrom(change.number)));
    if (P.state.mayEdit && change.number < P.state.server.number) {
      acts.append(P.bothButton('quiet', 'plan.page.restore_to', () => restore(change.number)));
    }
    return P.el('li', '', head, did, acts);
  }

  async function restore(number) {
    if (!window.confirm(P.th('plan.page.restore_sure', { number: number }))) return;
    const answer = await P.post('/restore', { number: number });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      P.say(told.detail || P.th('plan.page.failed'), told.detail_en || '', true);
      return;
    }
    await P.catchUp();
    P.sayKey('plan.page.restored_to', { number: number });
    P.openHistory();
  }

  P.readOlder = async function () {
    await read(lines.at(-1).number);
    draw();
  };

  // All changes from the first one on, so that any state can be made again here.
  let all = null;
  P.allChanges = async function () {
    if (!all || all.at(-1).number < P.state.server.number) {
      all = [];
      for (let rest = true; rest; ) {
        const answer = await fetch(P.given.api + '/changes?since=' + (all.length ? all.at(-1).number : 0), { credentials: 'same-origin' });
        if (!answer.ok) throw new Error('changes');
        const told = await answer.json();
        all = all.concat(told.changes);
        rest = told.more && told.changes.length > 0;
      }
    }
    return all;
  };
})(window.PlanEditor);
