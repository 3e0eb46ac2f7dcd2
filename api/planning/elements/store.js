// What the page knows: the plan as the server has it, what was asked for since, and both together as they are shown.
(function (P) {
  'use strict';

  P.begin = function (given) {
    P.given = given;
    P.state = {
      server: P.treeOf(given.plan),
      shown: null,
      pending: [],
      refused: [],
      sent: new Set(),
      own: new Set(),
      changes: new Map(),
      notices: new Map(),
      figures: new Map(),
      ghost: null,
      selected: null,
      mayEdit: given.may.edit,
      undo: [],
      redo: [],
    };
    P.rebuild();
    P.state.selected = P.rootOf(P.state.shown).id;
  };

  P.rebuild = function () {
    const state = P.state;
    const shown = P.copyTree(state.server);
    for (const each of state.pending) P.presume(shown, each.operation);
    if (state.ghost) P.presume(shown, state.ghost);
    state.shown = shown;
    if (state.selected && !P.isShown(shown, state.selected)) {
      const near = P.above(shown, state.selected).find((part) => P.isShown(shown, part.id));
      state.selected = (near || P.rootOf(shown)).id;
    }
  };

  // Everything that shows the plan draws itself anew.
  P.refresh = function () {
    P.rebuild();
    P.tell('drawn');
  };

  P.part = (id) => P.state.shown.parts.get(id);

  // Folds what the server says has happened; what this page asked for itself is known by its operation.
  P.took = function (change) {
    const state = P.state;
    if (change.number <= state.server.number) return false;
    state.changes.set(change.number, change);
    if (state.sent.has(change.operation)) state.own.add(change.number);
    P.fold(state.server, change);
    return !state.sent.has(change.operation);
  };

  // The number that an operation is asked with: what this page itself has set since is not another's.
  P.baseOf = function (operation) {
    const part = P.state.server.parts.get(operation.part);
    if (!part || operation.action === 'undo') return operation.base;
    const name = { set: operation.field, move: 'place' }[operation.action];
    const newer = Object.keys(part.versions).filter((key) => (!name || key === name) && part.versions[key] > operation.base);
    if (!newer.length || !newer.every((key) => P.state.own.has(part.versions[key]))) return operation.base;
    return Math.max(...newer.map((key) => part.versions[key]));
  };

  P.clashes = function () {
    const found = [];
    for (const part of P.state.server.parts.values()) {
      if (!P.isShown(P.state.server, part.id)) continue;
      for (const name of Object.keys(part.kept || {})) if (part.kept[name].length) found.push({ part: part.id, field: name });
    }
    return found;
  };

  P.isWaiting = (id) => P.state.pending.some((each) => each.operation.part === id);

  P.allowedUnder = (kind) => Object.keys(P.given.parents).filter((each) => P.given.parents[each].includes(kind));

  P.mayStand = function (kind, parentKind) {
    return (P.given.parents[kind] || []).includes(parentKind);
  };
})(window.PlanEditor);
