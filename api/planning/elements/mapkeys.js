// Moving, adding and removing parts, and the keyboard on the tree: arrows walk, Alt with arrows moves.
(function (P) {
  'use strict';

  P.moveTo = function (id, parent, where) {
    const part = P.part(id);
    const target = P.part(parent);
    if (!part || !target || !P.state.mayEdit) return false;
    if (!P.mayStand(part.kind, target.kind)) {
      const allowed = P.given.parents[part.kind];
      const words = (language) => allowed.map((kind) => P.given.words['plan.kind.' + kind][language]).join(', ');
      const given = { kind_th: P.kindWord(part.kind), kind_en: P.en('plan.kind.' + part.kind), allowed_th: words('th'), allowed_en: words('en') };
      P.sayKey('plan.bad_parent', given, true);
      P.draw();
      return false;
    }
    P.state.selected = id;
    P.ask(Object.assign({ action: 'move', part: id, parent: parent }, where));
    P.tell('selected', id);
    return true;
  };

  function siblingsOf(part) {
    return part.parent ? P.under(P.state.shown, part.parent).map((each) => each.id) : [];
  }

  P.moveBy = function (id, step) {
    const part = P.part(id);
    const order = siblingsOf(part);
    const target = order[order.indexOf(id) + step];
    if (target) P.moveTo(id, part.parent, { [step < 0 ? 'before' : 'after']: target });
  };

  P.moveOut = function (id) {
    const part = P.part(id);
    const parent = part.parent && P.part(part.parent);
    if (parent && parent.parent) P.moveTo(id, parent.parent, { after: parent.id });
  };

  P.moveIn = function (id) {
    const order = siblingsOf(P.part(id));
    const above = order[order.indexOf(id) - 1];
    if (above) P.moveTo(id, above, {});
  };

  // A new part stands in the tree while its text is written; it is asked for once it has one.
  P.addUnder = function (parentId, kind, after) {
    if (!P.state.mayEdit) return;
    if (kind === 'goal' && [...P.state.shown.parts.values()].some((part) => part.kind === 'goal')) {
      P.sayKey('plan.goal_taken', {}, true);
      return;
    }
    const fields = kind === 'activity' ? { status: 'draft' } : {};
    P.state.ghost = { action: 'add', part: P.newId(), kind: kind, parent: parentId, after: after || null, fields: Object.assign({ text: '' }, fields) };
    P.foldPart(parentId, false);
    P.refresh();
    P.select(P.state.ghost.part, true);
    P.editText(P.state.ghost.part);
  };

  function addBelow(part) {
    const allowed = P.allowedUnder(part.kind);
    const kind = allowed.includes(part.kind) ? part.kind : allowed[0];
    if (kind) P.addUnder(part.id, kind);
  }

  P.removePart = function (id) {
    const part = P.part(id);
    if (!P.state.mayEdit) return;
    if (!part.parent) {
      P.sayKey('plan.root_stays', {}, true);
      return;
    }
    const order = siblingsOf(part);
    const at = order.indexOf(id);
    const next = order[at + 1] || order[at - 1] || part.parent;
    P.ask({ action: 'remove', part: id });
    P.select(next, true);
    P.sayKey('plan.page.removed', { part: P.short(part.fields.text, 40) });
  };

  // As they are read: each part before those under it, what is folded away left out.
  function visible() {
    const found = [];
    const step = function (part) {
      found.push(part.id);
      if (P.isFolded(part.id)) return;
      for (const each of P.under(P.state.shown, part.id)) step(each);
    };
    step(P.rootOf(P.state.shown));
    return found;
  }

  function go(step) {
    const order = visible();
    const at = order.indexOf(P.state.selected) + step;
    P.select(order[Math.max(0, Math.min(order.length - 1, at))], true);
  }

  const PLAIN = {
    ArrowDown: () => go(1),
    ArrowUp: () => go(-1),
    Home: () => go(-Infinity),
    End: () => go(Infinity),
    ArrowRight(part) {
      if (P.isFolded(part.id)) P.foldPart(part.id, false);
      else if (P.under(P.state.shown, part.id).length) go(1);
    },
    ArrowLeft(part) {
      if (P.under(P.state.shown, part.id).length && !P.isFolded(part.id) && part.parent) P.foldPart(part.id, true);
      else if (part.parent) P.select(part.parent, true);
    },
    ' ': (part) => P.foldPart(part.id, !P.isFolded(part.id)),
    Enter: (part) => P.editText(part.id),
    F2: (part) => P.editText(part.id),
    Insert: addBelow,
    Delete: (part) => P.removePart(part.id),
  };
  const WITH = {
    'alt ArrowUp': (part) => P.moveBy(part.id, -1),
    'alt ArrowDown': (part) => P.moveBy(part.id, 1),
    'alt ArrowLeft': (part) => P.moveOut(part.id),
    'alt ArrowRight': (part) => P.moveIn(part.id),
    'ctrl Enter': addBelow,
    'shift Enter': (part) => part.parent && P.addUnder(part.parent, part.kind, part.id),
  };

  // Letters lead to the next part whose text begins with them.
  let typed = '';
  let typing = null;
  function find(letter) {
    clearTimeout(typing);
    typing = setTimeout(() => { typed = ''; }, 700);
    typed += letter.toLowerCase();
    const order = visible();
    const at = order.indexOf(P.state.selected);
    const rest = order.slice(at + 1).concat(order.slice(0, at + 1));
    const found = rest.find((id) => String(P.part(id).fields.text || '').toLowerCase().startsWith(typed));
    if (found) P.select(found, true);
  }

  function pressed(event) {
    if (event.target.tagName !== 'ME-TPC') return;
    const part = P.part(P.state.selected);
    const held = event.altKey ? 'alt ' : event.ctrlKey || event.metaKey ? 'ctrl ' : event.shiftKey ? 'shift ' : '';
    const act = held ? WITH[held + event.key] : PLAIN[event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act(part);
    } else if (!held && event.key.length === 1) find(event.key);
  }

  function anywhere(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) P.undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) P.redo();
    else return;
    event.preventDefault();
  }

  P.listenKeys = function () {
    P.find('map').addEventListener('keydown', pressed, true);
    document.addEventListener('keydown', anywhere);
    P.find('map').addEventListener('click', (event) => {
      if (event.target.tagName === 'ME-TPC') {
        event.target.focus({ preventScroll: true });
        P.tell('opened');
      }
    });
  };

  // Undoing takes back one's own changes of this visit, by new changes; what others have set since stays and is told.
  P.on('did', function (done) {
    if (done.operation.action !== 'undo') P.state.undo.push(done.number);
    else if (done.operation.redoes) P.state.undo.push(done.number);
    else P.state.redo.push(done.number);
    P.tell('undoable');
  });

  P.undo = function () {
    if (P.unask()) return;
    const number = P.state.undo.pop();
    if (number) P.ask({ action: 'undo', number: number });
    else P.sayKey('plan.page.nothing_to_undo');
    P.tell('undoable');
  };

  P.redo = function () {
    const number = P.state.redo.pop();
    if (number) P.ask({ action: 'undo', number: number, redoes: true });
    P.tell('undoable');
  };
})(window.PlanEditor);
