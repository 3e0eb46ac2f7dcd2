// What stands on a part beside its text: sign, letter, marks, and the role of an item of a tree.
(function (P) {
  'use strict';
  const ICONS = {
    problem: 'M8 1L15 14H1Z', effect: 'M8 2V14M3 9L8 14L13 9', cause: 'M8 14V2M3 7L8 2L13 7',
    goal: 'M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1M8 5A3 3 0 1 0 8 11A3 3 0 1 0 8 5', objective: 'M3 15V2L13 5L3 8',
    solution: 'M2 8L6 12L14 3', activity: 'M2 3H14V13H2ZM2 7H14', indicator: 'M2 14V9M7 14V5M12 14V2',
    asset: 'M8 14L2 8A3.5 3.5 0 0 1 8 4A3.5 3.5 0 0 1 14 8Z',
  };

  // The library writes every topic as text; badges, marks and the roles of a tree are put beside it.
  P.decorate = function () {
    for (const topic of P.mind().nodes.querySelectorAll('me-tpc')) {
      const part = P.part(topic.nodeObj.id);
      if (part) dress(topic, part);
    }
    const root = P.mind().nodes.querySelector('me-root');
    if (root) P.mind().nodes.prepend(root);  // read first, wherever the style puts it
  };

  function dress(topic, part) {
    const siblings = part.parent ? P.under(P.state.shown, part.parent) : [part];
    const under = P.under(P.state.shown, part.id);
    topic.className = 'kind-' + part.kind + (P.isWaiting(part.id) ? ' waiting' : '');
    topic.id = 'part-' + part.id;
    const told = { role: 'treeitem', 'aria-level': P.above(P.state.shown, part.id).length + 1, 'aria-setsize': siblings.length,
      'aria-posinset': siblings.indexOf(part) + 1 };
    for (const name in told) topic.setAttribute(name, told[name]);
    if (under.length) topic.setAttribute('aria-expanded', String(!P.isFolded(part.id)));
    else topic.removeAttribute('aria-expanded');
    for (const mark of topic.querySelectorAll('.badge,.mark')) mark.remove();
    topic.prepend(P.badge(part.kind), P.put('span', 'unseen mark', P.kindWord(part.kind) + ': '));
    topic.append(...marksOf(part));
    P.choose(topic, part.id === P.state.selected);
    const fold = topic.parentElement.querySelector('me-epd');
    if (fold) {
      fold.setAttribute('aria-hidden', 'true');
      fold.textContent = P.isFolded(part.id) ? String(P.walk(P.state.shown, part.id).length) : '−';
      fold.title = P.th(P.isFolded(part.id) ? 'plan.page.unfold' : 'plan.page.fold');
    }
  }

  function marksOf(part) {
    const found = [];
    const figure = P.state.figures.get(part.id);
    if (figure) found.push(P.put('span', 'mark figure', figure.words.th));
    const kept = Object.values((P.state.server.parts.get(part.id) || {}).kept || {}).filter((each) => each.length);
    if (kept.length) found.push(P.put('span', 'mark two', P.th('plan.page.two_values')));
    if (part.kind === 'activity' && part.fields.lead) found.push(P.put('span', 'mark more', part.fields.lead));
    if (part.kind === 'activity' && P.isLate(part)) found.push(P.put('span', 'mark late', P.th('mapping.mindmap.status.late')));
    if (part.kind === 'indicator' && (part.fields.baseline || part.fields.target)) {
      found.push(P.put('span', 'mark more', (part.fields.baseline || '?') + ' → ' + (part.fields.target || '?') + ' ' + (part.fields.unit || '')));
    }
    return found;
  }

  P.isLate = (part) => Boolean(part.fields.ends_on) && part.fields.ends_on < P.given.today && part.fields.status !== 'done';

  P.badge = function (kind) {
    const icon = P.svg('svg', { viewBox: '0 0 16 16', width: 12, height: 12, 'aria-hidden': 'true' }, P.svg('path', { d: ICONS[kind] }));
    const badge = P.el('span', 'badge kind-' + kind, icon, P.put('b', '', P.th('plan.letter.' + kind)));
    badge.title = P.kindWord(kind);
    badge.setAttribute('aria-hidden', 'true');
    return badge;
  };
})(window.PlanEditor);
