// Two states of the plan side by side: what came, went, changed and moved between two numbers or two days.
(function (P) {
  'use strict';

  function treeAt(changes, number) {
    const tree = P.emptyTree();
    for (const change of changes) if (change.number <= number) P.fold(tree, change);
    return tree;
  }

  const same = (a, b) => JSON.stringify(a === undefined ? null : a) === JSON.stringify(b === undefined ? null : b);
  const called = (part) => P.kindWord(part.kind) + ' “' + P.short(part.fields.text || '', 60) + '”';

  P.differences = function (before, after) {
    const found = [];
    for (const part of after.parts.values()) {
      const held = before.parts.get(part.id);
      const is = P.isShown(after, part.id);
      const was = held && P.isShown(before, part.id);
      if (is && !was) found.push(['came', P.th('plan.page.diff.came', { part: called(part) })]);
      else if (was && !is) found.push(['went', P.th('plan.page.diff.went', { part: called(held) })]);
      else if (is && was) found.push(...ofPart(before, after, held, part));
    }
    for (const [key, link] of after.links) if (!before.links.has(key)) found.push(['came', linkWords('link', after, link)]);
    for (const [key, link] of before.links) if (!after.links.has(key)) found.push(['went', linkWords('unlink', before, link)]);
    return found;
  };

  function linkWords(act, tree, link) {
    return P.th('plan.page.did.' + act, { part: called(tree.parts.get(link.part)), to: called(tree.parts.get(link.to)) });
  }

  function ofPart(before, after, held, part) {
    const found = [];
    for (const name of new Set([...Object.keys(held.fields), ...Object.keys(part.fields)])) {
      if (same(held.fields[name], part.fields[name])) continue;
      const given = { part: called(part), field: P.fieldWord(name), old: P.valueWords(name, held.fields[name]), new: P.valueWords(name, part.fields[name]) };
      found.push(['changed', P.th('plan.page.did.set', given)]);
    }
    if (held.parent !== part.parent) found.push(['moved', P.th('plan.page.did.move', { part: called(part), to: called(after.parts.get(part.parent)) })]);
    return found;
  }

  P.drawCompare = function () {
    const last = P.state.server.number;
    for (const [name, number] of [['from', Math.max(1, last - 1)], ['to', last]]) {
      const control = P.find('compare-' + name);
      control.max = last;
      if (!control.value) control.value = number;
    }
    P.find('compare-day').max = P.given.today;
  };

  P.compareFrom = function (number) {
    P.find('compare-from').value = number;
    P.find('compare-to').value = P.state.server.number;
    P.compare();
    P.find('compare').scrollIntoView({ block: 'nearest' });
  };

  // A day stands for what the plan was when it ended.
  P.compareDay = async function () {
    const day = P.find('compare-day').value;
    if (!day) return;
    const until = (await P.allChanges()).filter((change) => change.at && P.dayOf(change.at) <= day);
    if (!until.length) {
      P.sayKey('plan.page.none_then', {}, true);
      return;
    }
    P.compareFrom(until.at(-1).number);
  };

  P.compare = async function () {
    const place = P.find('compare-result');
    try {
      const changes = await P.allChanges();
      const last = P.state.server.number;
      const ends = ['from', 'to'].map((name) => Math.min(last, Math.max(1, Number(P.find('compare-' + name).value) || 1))).sort((a, b) => a - b);
      const found = P.differences(treeAt(changes, ends[0]), treeAt(changes, ends[1]));
      const head = P.put('p', 'hint', P.th('plan.page.diff.head', { from: ends[0], to: ends[1], count: found.length }));
      place.replaceChildren(head, P.el('ul', '', ...found.map(([kind, words]) => P.put('li', kind, words))));
    } catch (error) {
      place.replaceChildren(P.put('p', '', P.th('plan.page.failed')));
    }
  };
})(window.PlanEditor);
