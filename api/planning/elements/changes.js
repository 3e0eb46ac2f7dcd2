// Changes of a plan in words: who did what to which part.
(function (P) {
  'use strict';

  function name(tree, id) {
    const part = id ? tree.parts.get(id) : null;
    return part ? P.kindWord(part.kind) + ' “' + P.short(part.fields.text || '', 50) + '”' : '';
  }

  // What stood in the tree when the words are asked for names the part; a part that came and went names itself.
  P.changeWords = function (tree, change) {
    const given = { part: name(tree, change.part) || P.th('plan.page.part') };
    if (change.action === 'add') {
      given.part = P.kindWord(change.new.kind) + ' “' + P.short(change.new.fields.text, 50) + '”';
    } else if (change.action === 'set') {
      given.field = P.fieldWord(change.field);
      given.old = P.short(P.valueWords(change.field, change.old), 80);
      given.new = P.short(P.valueWords(change.field, change.new), 80);
    } else if (change.action === 'move') {
      given.to = name(tree, change.new.parent);
    } else if (change.action === 'link' || change.action === 'unlink') {
      given.to = name(tree, change.new.to);
    } else if (change.action === 'approve') {
      given.part = String(change.new);
    }
    return P.th('plan.page.did.' + change.action, given);
  };

  P.whoWords = (change) => change.who || P.th(change.actor ? 'plan.page.who_gone' : 'plan.page.who_system');
})(window.PlanEditor);
