// Approval by a meeting, and a branch taken over from another plan.
(function (P) {
  'use strict';

  async function told(answer) {
    const words = await answer.json().catch(() => ({}));
    if (!answer.ok) P.say(words.detail || P.th('plan.page.failed'), words.detail_en || P.en('plan.page.failed'), true);
    return answer.ok ? words : null;
  }

  function wrong(dialog, words) {
    dialog.querySelector('.wrong').textContent = words;
  }

  P.approve = async function (event) {
    event.preventDefault();
    const dialog = P.find('approving');
    if (P.waiting().length) {
      wrong(dialog, P.th('plan.page.waiting_first'));
      return;
    }
    const given = { meeting: P.find('meeting').value, day: P.find('meeting-day').value };
    const answer = await P.post('/approve', given).catch(() => null);
    if (answer && answer.ok) {
      location.reload();
      return;
    }
    const words = answer ? await answer.json().catch(() => ({})) : {};
    const part = partAt(words.detail || '');
    wrong(dialog, (words.detail || P.th('plan.page.failed')) + (part ? ' — ' + P.kindWord(part.kind) + ' “' + P.short(part.fields.text, 60) + '”' : ''));
    if (part) P.select(part.id, false);
  };

  // The rules count solutions and activities in their order; an objective without a solution counts as one.
  function partAt(words) {
    const found = words.match(/solutions\.(\d+)(?:\.activities\.(\d+))?/);
    if (!found) return null;
    const tree = P.state.shown;
    const of = (parts, kind) => parts.flatMap((part) => P.under(tree, part.id).filter((each) => each.kind === kind));
    const objectives = of(of([P.rootOf(tree)], 'goal'), 'objective');
    const solution = objectives.flatMap((each) => (of([each], 'solution').length ? of([each], 'solution') : [each]))[found[1] - 1];
    return (found[2] && solution && of([solution], 'activity')[found[2] - 1]) || solution || null;
  }

  // --- a branch of another plan ---
  let under = null;
  let source = null;

  P.openBranch = async function (id) {
    under = id;
    source = null;
    const dialog = P.find('branching');
    dialog.querySelector('.wrong').textContent = '';
    P.find('branch-under').textContent = P.kindWord(P.part(id).kind) + ' “' + P.short(P.part(id).fields.text || '', 60) + '”';
    const select = P.find('branch-plan');
    select.replaceChildren(new Option(P.th('plan.page.not_chosen'), ''));
    P.find('branch-part').replaceChildren();
    if (!dialog.open) dialog.showModal();
    const found = await fetch('/api/v1/plans', { credentials: 'same-origin' }).then(told);
    if (!found) return;
    // Plans of the same problem come first.
    const near = (plan) => (plan.problem === P.given.plan.problem ? 0 : 1);
    const others = found.plans.filter((plan) => plan.id !== P.given.plan.id).sort((a, b) => near(a) - near(b));
    for (const plan of others) {
      const area = P.given.areas[plan.area] || plan.area;
      const problem = P.given.problems.find((pair) => pair[0] === plan.problem);
      select.append(new Option([area, problem ? problem[1] : plan.problem, plan.fiscal_year, P.th('plan.state.' + plan.state)].join(' · '), plan.id));
    }
  };

  P.chooseBranchPlan = async function () {
    const id = P.find('branch-plan').value;
    const list = P.find('branch-part');
    list.replaceChildren();
    if (!id) return;
    const plan = await fetch('/api/v1/plans/' + id, { credentials: 'same-origin' }).then(told);
    if (!plan) return;
    source = plan;
    const tree = P.treeOf(plan);
    const kind = P.part(under).kind;
    for (const part of P.walk(tree, P.rootOf(tree).id)) {
      const depth = P.above(tree, part.id).length;
      const option = new Option('\u00a0'.repeat((depth - 1) * 3) + P.kindWord(part.kind) + ': ' + P.short(part.fields.text, 70), part.id);
      option.disabled = !P.mayStand(part.kind, kind);
      list.append(option);
    }
    const first = [...list.options].find((option) => !option.disabled);
    if (first) list.value = first.value;
    wrong(P.find('branching'), first ? '' : P.th('plan.page.branch_none'));
  };

  P.copyBranch = async function (event) {
    event.preventDefault();
    const part = P.find('branch-part').value;
    if (!source || !part) return;
    const given = { id: P.newId(), plan: source.id, part: part, parent: under };
    const answer = await P.post('/branches', given).catch(() => null);
    const words = answer ? await answer.json().catch(() => ({})) : {};
    if (!answer || !answer.ok) {
      wrong(P.find('branching'), words.detail || P.th('plan.page.failed'));
      return;
    }
    P.find('branching').close();
    await P.catchUp();
    P.select(words.part, true);
    P.sayKey('plan.page.branched', { count: words.results.length });
  };

  P.listenDialogs = function () {
    for (const dialog of document.querySelectorAll('dialog')) {
      for (const button of dialog.querySelectorAll('[data-close]')) button.addEventListener('click', () => dialog.close());
    }
    const acts = [
      ['approve', 'click', () => P.find('approving').showModal()], ['approve-form', 'submit', P.approve],
      ['branch-plan', 'change', P.chooseBranchPlan], ['branch-form', 'submit', P.copyBranch],
      ['open-history', 'click', P.openHistory], ['history-more', 'click', P.readOlder],
      ['compare-now', 'click', P.compare], ['compare-day', 'change', P.compareDay],
      ['help-open', 'click', () => P.find('help').showModal()],
    ];
    for (const [name, event, act] of acts) if (P.find(name)) P.find(name).addEventListener(event, act);
  };
})(window.PlanEditor);
