// The tree as it is drawn: mind-elixir lays it out and is dragged on; what it says and does is ours.
(function (P) {
  'use strict';
  const LEFT_KINDS = ['effect', 'cause'];
  const COLOURS = { problem: '#1B2733', effect: '#8E2F4A', cause: '#7A4B00', goal: '#1D6B45', objective: '#1D6B45',
    solution: '#1D6B45', activity: '#1C5C97', indicator: '#4A5866', asset: '#3F647A' };
  const THEME = { name: 'plan', type: 'light', palette: ['#4A5866'], cssVar: {
    '--node-gap-x': '18px', '--node-gap-y': '4px', '--main-gap-x': '36px', '--main-gap-y': '10px', '--root-radius': '8px',
    '--main-radius': '8px', '--root-color': '#ffffff', '--root-bgcolor': '#1B2733', '--main-color': '#1B2733',
    '--main-bgcolor': '#ffffff', '--color': '#1B2733', '--bgcolor': '#F6F7F8', '--selected': '#0B5CAD',
    '--topic-padding': '4px 8px', '--map-padding': '40px 60px' }, generateSubBranch: branchLine };
  const SMALLEST = 0.88;
  const GAP = 18;
  const MANY = 40;
  const EDGE = 24;
  let mind = null;
  let linked = '';
  let folded = new Set();

  // From the middle of one box's side to the middle of the next one's; deeper boxes have a gap around them.
  function branchLine(at) {
    const left = at.direction === 'lhs';
    const gap = at.isFirst ? 0 : GAP;
    const from = left ? at.pL + gap : at.pL + at.pW - gap;
    const to = left ? at.cL + at.cW - GAP : at.cL + GAP;
    const [high, low, half] = [at.pT + at.pH / 2, at.cT + at.cH / 2, (from + to) / 2];
    return ['M', from, high, 'C', half, high, half, low, to, low].join(' ');
  }

  const foldKey = () => 'socialmap.planfold.' + P.given.plan.id;

  P.mind = () => mind;
  P.isFolded = (id) => folded.has(id);
  P.isOutline = () => P.find('map').classList.contains('outline');
  P.topicOf = (id) => P.find('map').querySelector('[data-nodeid="me' + id + '"]');

  function nodeOf(part) {
    const under = P.under(P.state.shown, part.id).map(nodeOf);
    const node = { id: part.id, topic: String(part.fields.text || ''), expanded: !folded.has(part.id), branchColor: COLOURS[part.kind],
      direction: LEFT_KINDS.includes(part.kind) ? 0 : 1 };
    if (under.length) node.children = under;
    return node;
  }

  function arrows() {
    const seen = P.linksOf(P.state.shown, P.state.selected || '');
    return seen.map((link) => (link.kind === 'relates'
      ? { id: link.part + link.to + link.kind, label: P.th('plan.page.related'), from: link.part, to: link.to, bidirectional: true, style: { stroke: '#4A5866', labelColor: '#1B2733' } }
      : { id: link.part + link.to, label: '', from: link.part, to: link.to, style: { stroke: '#1D6B45' } }));
  }

  P.choose = function (topic, chosen) {
    topic.classList.toggle('chosen', chosen);
    topic.setAttribute('aria-selected', String(chosen));
    topic.tabIndex = chosen ? 0 : -1;
  };

  // Selecting moves the one place that Tab reaches; `focus` brings the keyboard there too.
  P.select = function (id, focus) {
    const before = P.topicOf(P.state.selected);
    if (before) P.choose(before, false);
    P.state.selected = id;
    P.unfoldTo(id);
    const topic = P.topicOf(id);
    if (topic) {
      P.choose(topic, true);
      mind.currentNodes = [topic];
      if (focus) topic.focus({ preventScroll: true });
      if (focus) P.bring(topic);
    }
    mind.arrows = arrows();
    if (!P.isOutline()) mind.renderArrow();
    P.tell('selected', id);
  };

  P.bring = function (topic) {
    if (P.isOutline()) {
      topic.scrollIntoView({ block: 'nearest' });
      return;
    }
    const at = topic.getBoundingClientRect();
    const room = mind.container.getBoundingClientRect();
    const into = (low, high, least, most) => (low < least + EDGE ? least + EDGE - low : Math.min(0, most - EDGE - high));
    shift(into(at.left, at.right, room.left, room.right), into(at.top, at.bottom, room.top, room.bottom));
    P.tell('placed');
  };

  P.unfoldTo = function (id) {
    const hidden = P.above(P.state.shown, id).filter((part) => folded.has(part.id));
    if (!hidden.length) return;
    for (const part of hidden) folded.delete(part.id);
    P.draw();
  };

  P.foldPart = function (id, fold) {
    if (fold === folded.has(id) || !P.under(P.state.shown, id).length) return;
    (fold ? folded.add(id) : folded.delete(id));
    keepFolds();
    P.draw();
  };

  P.foldAll = function (kinds) {
    folded = new Set([...P.state.shown.parts.values()].filter((part) => kinds.includes(part.kind)).map((part) => part.id));
    keepFolds();
    P.draw();
  };

  function keepFolds() {
    try { localStorage.setItem(foldKey(), JSON.stringify([...folded])); } catch (error) { /* folded for this visit alone */ }
  }

  // Draws the tree anew and leaves the chosen part where it was on the screen, with the keyboard on it.
  P.draw = function () {
    const before = P.topicOf(P.state.selected);
    const at = before && before.getBoundingClientRect();
    const focused = document.activeElement && document.activeElement.tagName === 'ME-TPC';
    mind.refresh({ nodeData: nodeOf(P.rootOf(P.state.shown)), arrows: arrows() });
    const after = P.topicOf(P.state.selected);
    if (!after) return;
    mind.currentNodes = [after];
    const now = after.getBoundingClientRect();
    if (at && !P.isOutline()) shift(at.left - now.left, at.top - now.top);
    if (focused) after.focus({ preventScroll: true });
    P.tell('placed');
  };

  function shift(dx, dy) {
    const held = new DOMMatrix(getComputedStyle(mind.map).transform);
    mind.map.style.transform = 'translate3d(' + (held.e + dx) + 'px, ' + (held.f + dy) + 'px, 0) scale(' + mind.scaleVal + ')';
  }

  function wheel(event) {
    if (P.isOutline()) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      mind.scale(mind.scaleVal + (event.deltaY > 0 ? -0.1 : 0.1), { x: event.clientX, y: event.clientY });
    } else if (mind.move(-event.deltaX, -event.deltaY)) event.preventDefault();
  }

  function dropped(place) {
    return function (from, to) {
      const part = P.part(from[0].nodeObj.id);
      const target = P.part(to.nodeObj.id);
      if (place === 'in') P.moveTo(part.id, target.id, {});
      else P.moveTo(part.id, target.parent, { [place]: target.id });
    };
  }

  // Activities of a large plan are folded away until somebody wants them.
  function firstFolds() {
    const parts = [...P.state.shown.parts.values()];
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(foldKey())); } catch (error) { /* as for a first visit */ }
    const first = parts.length > MANY ? parts.filter((part) => part.kind === 'solution').map((part) => part.id) : [];
    return new Set(Array.isArray(kept) ? kept : first);
  }

  const sizeOf = () => mind.nodes.offsetWidth + ' ' + mind.nodes.offsetHeight;

  // Lines are the dearest part of drawing: an outline has none.
  function relink(link, main) {
    if (P.isOutline()) return;
    link.call(mind, main);
    linked = sizeOf();
  }

  P.makeMap = function () {
    const host = P.find('map');
    folded = firstFolds();
    mind = new MindElixirLite.default({ el: host, direction: 2, editable: true, contextMenu: false, toolBar: false, keypress: false,
      allowUndo: false, theme: THEME, handleWheel: wheel, scaleMin: 0.3, scaleMax: 1.6 });
    const link = mind.linkDiv;
    mind.linkDiv = function (main) {
      P.decorate();
      relink(link, main);
    };
    mind.selection = { select: (topic) => P.select(topic.nodeObj.id, true), deselect() {}, cancel() {}, destroy() {} };
    mind.scrollIntoView = P.bring;
    mind.beginEdit = (topic) => P.editText(topic.nodeObj.id);
    Object.assign(mind, { moveNodeIn: dropped('in'), moveNodeBefore: dropped('before'), moveNodeAfter: dropped('after') });
    mind.bus.addListener('expandNode', (node) => P.foldPart(node.id, !folded.has(node.id)));
    mind.container.removeAttribute('tabindex');
    mind.nodes.setAttribute('role', 'tree');
    mind.nodes.setAttribute('aria-label', P.th('plan.page.tree'));
    // Beside the topics the map is pushed about; on them it is worked on, by whoever may.
    mind.container.addEventListener('pointerdown', (event) => {
      mind.editable = P.state.mayEdit && event.target.tagName === 'ME-TPC';
    }, true);
    host.classList.toggle('outline', P.isPhone());
    mind.init({ nodeData: nodeOf(P.rootOf(P.state.shown)), arrows: [] });
    if (!P.isOutline()) P.fit(SMALLEST);
    // Letters that arrive late, marks and folds change the size of what lines lead to.
    new ResizeObserver(() => { if (linked !== sizeOf()) relink(link); }).observe(mind.nodes);
    P.on('drawn', P.draw);
  };

  // Whoever asks for it sees the whole; at first nothing is so small that it cannot be read.
  P.fit = function (least) {
    mind.scaleFit();
    if (mind.scaleVal < least) {
      mind.scaleVal = least;
      mind.toCenter();
    }
  };

  P.setOutline = function (outline) {
    P.find('map').classList.toggle('outline', outline);
    P.draw();
    if (!outline) P.fit(SMALLEST);
  };
})(window.PlanEditor);
