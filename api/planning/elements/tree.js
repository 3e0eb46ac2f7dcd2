// A plan's parts in memory and what a change does to them, as the server's own rules have it: no page, no network.
(function (P) {
  'use strict';
  const MOST_KEPT = 20;
  const PLACE = 'place';

  P.emptyTree = () => ({ parts: new Map(), children: new Map(), links: new Map(), number: 0 });

  // Parts come from the top down, those under one parent in their order.
  P.treeOf = function (plan) {
    const tree = P.emptyTree();
    for (const part of plan.parts) {
      tree.parts.set(part.id, part);
      if (part.parent) siblings(tree, part.parent).push(part.id);
    }
    for (const link of plan.links) tree.links.set(linkKey(link.part, link.to, link.kind), link);
    tree.number = plan.number;
    return tree;
  };

  P.copyTree = function (tree) {
    const children = new Map();
    for (const [id, order] of tree.children) children.set(id, order.slice());
    return { parts: new Map(tree.parts), children: children, links: new Map(tree.links), number: tree.number };
  };

  P.rootOf = function (tree) {
    for (const part of tree.parts.values()) if (!part.parent) return part;
    return null;
  };

  P.above = function (tree, id) {
    const found = [];
    for (let part = tree.parts.get(id); part && part.parent; ) {
      part = tree.parts.get(part.parent);
      if (part) found.push(part);
    }
    return found;
  };

  P.isShown = function (tree, id) {
    const part = tree.parts.get(id);
    return Boolean(part) && !part.removed && P.above(tree, id).every((each) => !each.removed);
  };

  P.under = function (tree, id) {
    return (tree.children.get(id) || []).map((each) => tree.parts.get(each)).filter((part) => part && !part.removed);
  };

  // All that is shown, each part before those under it.
  P.walk = function (tree, id) {
    const found = [];
    for (const part of P.under(tree, id)) found.push(part, ...P.walk(tree, part.id));
    return found;
  };

  P.linksOf = function (tree, id) {
    return [...tree.links.values()].filter((link) => link.part === id || link.to === id);
  };

  P.isLinked = (tree, part, to, kind) => tree.links.has(linkKey(part, to, kind || 'addresses'));

  function linkKey(part, to, kind) {
    return part + ' ' + to + ' ' + kind;
  }

  function siblings(tree, parent) {
    if (!tree.children.has(parent)) tree.children.set(parent, []);
    return tree.children.get(parent);
  }

  function place(tree, part, parent, before) {
    if (part.parent) {
      const held = siblings(tree, part.parent);
      held.splice(held.indexOf(part.id), 1);
    }
    const order = siblings(tree, parent);
    const at = before ? order.indexOf(before) : -1;
    order.splice(at < 0 ? order.length : at, 0, part.id);
    tree.parts.set(part.id, Object.assign({}, part, { parent: parent }));
  }

  function changed(tree, part, more) {
    tree.parts.set(part.id, Object.assign({}, part, more));
  }

  function withField(fields, name, value) {
    const made = Object.assign({}, fields);
    if (value === null || value === undefined) delete made[name];
    else made[name] = value;
    return made;
  }

  function added(tree, change) {
    const given = change.new;
    const versions = {};
    for (const name in given.fields) versions[name] = change.number;
    const part = { id: change.part, kind: given.kind, parent: null, fields: given.fields, versions: versions,
      kept: {}, removed: null, origin: given.origin || null };
    tree.parts.set(part.id, part);
    if (given.parent) place(tree, part, given.parent, given.before);
  }

  function set(tree, part, change) {
    const name = change.field;
    const kept = Object.assign({}, part.kept);
    if (change.clashed) {
      const held = part.fields[name];
      const lost = { value: held === undefined ? null : held, number: part.versions[name] || 0 };
      kept[name] = (kept[name] || []).concat([lost]).slice(-MOST_KEPT);
    } else delete kept[name];
    const versions = Object.assign({}, part.versions, { [name]: change.number });
    changed(tree, part, { fields: withField(part.fields, name, change.new), versions: versions, kept: kept });
  }

  // Does to a tree what a change of the server did.
  P.fold = function (tree, change) {
    const part = change.part ? tree.parts.get(change.part) : null;
    const act = change.action;
    if (act === 'add') added(tree, change);
    else if (part && act === 'link') link(tree, change.part, change.new.to, change.new.kind);
    else if (part && act === 'unlink') tree.links.delete(linkKey(change.part, change.new.to, change.new.kind));
    else if (part && act === 'move') {
      const versions = Object.assign({}, part.versions, { [PLACE]: change.number });
      place(tree, Object.assign({}, part, { versions: versions }), change.new.parent, change.new.before);
    } else if (part && act === 'set') set(tree, part, change);
    else if (part && act === 'remove') changed(tree, part, { removed: change.number });
    else if (part && act === 'restore') changed(tree, part, { removed: null });
    tree.number = change.number;
  };

  function link(tree, part, to, kind) {
    tree.links.set(linkKey(part, to, kind), { part: part, to: to, kind: kind });
  }

  function placeOf(tree, operation) {
    if (operation.before) return operation.before;
    if (!operation.after) return null;
    const order = (tree.children.get(operation.parent) || []).filter((id) => id !== operation.part);
    return order[order.indexOf(operation.after) + 1] || null;
  }

  // Shows what was asked for and not answered yet; the server's answer takes its place.
  P.presume = function (tree, operation) {
    const part = tree.parts.get(operation.part);
    const act = operation.action;
    if (act === 'add') {
      if (part || !tree.parts.has(operation.parent)) return;
      const made = { id: operation.part, kind: operation.kind, parent: null, fields: operation.fields, versions: {},
        kept: {}, removed: null, origin: null };
      tree.parts.set(made.id, made);
      place(tree, made, operation.parent, placeOf(tree, operation));
      return;
    }
    if (!part) return;
    if (act === 'set') changed(tree, part, { fields: withField(part.fields, operation.field, operation.value), removed: null });
    else if (act === 'move') presumeMove(tree, part, operation);
    else if (act === 'remove') changed(tree, part, { removed: -1 });
    else if (act === 'restore') for (const each of [part, ...P.above(tree, part.id)]) changed(tree, each, { removed: null });
    else if (act === 'link') link(tree, operation.part, operation.to, operation.link || 'addresses');
    else if (act === 'unlink') tree.links.delete(linkKey(operation.part, operation.to, operation.link || 'addresses'));
  };

  // Somebody else may have made this impossible since: then it is left to the server to say so.
  function presumeMove(tree, part, operation) {
    const parent = tree.parts.get(operation.parent);
    if (!parent || parent.id === part.id || P.above(tree, parent.id).some((each) => each.id === part.id)) return;
    place(tree, part, operation.parent, placeOf(tree, operation));
  }
})(window.PlanEditor);
