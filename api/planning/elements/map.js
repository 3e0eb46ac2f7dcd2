// The tree as it is drawn: mind-elixir lays it out and is dragged on; what it says and does is ours.
(function (P) {
  'use strict';
  const LEFT_KINDS = ['effect', 'cause'];
  const COLOURS = { problem: '#1B2733', effect: '#8E2F4A', cause: '#7A4B00', goal: '#1D6B45', objective: '#1D6B45',
    solution: '#1D6B45', activity: '#1C5C97', indicator: '#4A5866', asset: '#3F647A' };
  const ICONS = {
    problem: 'M8 1L15 14H1Z', effect: 'M8 2V14M3 9L8 14L13 9', cause: 'M8 14V2M3 7L8 2L13 7',
    goal: 'M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1M8 5A3 3 0 1 0 8 11A3 3 0 1 0 8 5', objective: 'M3 15V2L13 5L3 8',
    solution: 'M2 8L6 12L14 3', activity: 'M2 3H14V13H2ZM2 7H14', indicator: 'M2 14V9M7 14V5M12 14V2',
    asset: 'M8 14L2 8A3.5 3.5 0 0 1 8 4A3.5 3.5 0 0 1 14 8Z',
  };
  const THEME = { name: 'plan', type: 'light', palette: ['#4A5866'], cssVar: {
    '--node-gap-x': '18px', '--node-gap-y': '4px', '--main-gap-x': '36px', '--main-gap-y': '10px', '--root-radius': '8px',
    '--main-radius': '8px', '--root-color': '#ffffff', '--root-bgcolor': '#1B2733', '--main-color': '#1B2733',
    '--main-bgcolor': '#ffffff', '--color': '#1B2733', '--bgcolor': '#F6F7F8', '--selected': '#0B5CAD',
    '--topic-padding': '4px 8px', '--map-padding': '40px 60px' } };
  const SMALLEST = 0.88;
  const MANY = 40;
  let mind = null;
  let folded = new Set();

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
    return seen.map((link) => ({ id: link.part + link.to, label: '', from: link.part, to: link.to, style: { stroke: '#1D6B45' } }));
  }

  // The library writes every topic as text; badges, marks and the roles of a tree are put beside it.
  function decorate() {
    for (const topic of mind.nodes.querySelectorAll('me-tpc')) {
      const part = P.part(topic.nodeObj.id);
      if (part) dress(topic, part);
    }
    const root = mind.nodes.querySelector('me-root');
    if (root) mind.nodes.prepend(root);  // read first, wherever the style puts it
  }

  function dress(topic, part) {
    const siblings = part.parent ? P.under(P.state.shown, part.parent) : [part];
    const under = P.under(P.state.shown, part.id);
    topic.className = 'kind-' + part.kind + (P.isWaiting(part.id) ? ' waiting' : '');
    topic.id = 'part-' + part.id;
    const told = { role: 'treeitem', 'aria-level': P.above(P.state.shown, part.id).length + 1, 'aria-setsize': siblings.length,
      'aria-posinset': siblings.indexOf(part) + 1 };
    for (const name in told) topic.setAttribute(name, told[name]);
    if (under.length) topic.setAttribute('aria-expanded', String(!folded.has(part.id)));
    else topic.removeAttribute('aria-expanded');
    for (const mark of topic.querySelectorAll('.badge,.mark')) mark.remove();
    topic.prepend(P.badge(part.kind), P.put('span', 'unseen mark', P.kindWord(part.kind) + ': '));
    topic.append(...marksOf(part));
    choose(topic, part.id === P.state.selected);
    const fold = topic.parentElement.querySelector('me-epd');
    if (fold) {
      fold.setAttribute('aria-hidden', 'true');
      fold.textContent = folded.has(part.id) ? String(P.walk(P.state.shown, part.id).length) : '−';
      fold.title = P.th(folded.has(part.id) ? 'plan.page.unfold' : 'plan.page.fold');
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

  function choose(topic, chosen) {
    topic.classList.toggle('chosen', chosen);
    topic.setAttribute('aria-selected', String(chosen));
    topic.tabIndex = chosen ? 0 : -1;
  }

  // Selecting moves the one place that Tab reaches; `focus` brings the keyboard there too.
  P.select = function (id, focus) {
    const before = P.topicOf(P.state.selected);
    if (before) choose(before, false);
    P.state.selected = id;
    P.unfoldTo(id);
    const topic = P.topicOf(id);
    if (topic) {
      choose(topic, true);
      mind.currentNodes = [topic];
      if (focus) topic.focus({ preventScroll: true });
      if (focus) P.bring(topic);
    }
    mind.arrows = arrows();
    if (!P.isOutline()) mind.renderArrow();
    P.tell('selected', id);
  };

  P.bring = function (topic) {
    if (P.isOutline()) topic.scrollIntoView({ block: 'nearest' });
    else mind.scrollIntoView(topic);
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

  P.makeMap = function () {
    const host = P.find('map');
    folded = firstFolds();
    mind = new MindElixirLite.default({ el: host, direction: 2, editable: true, contextMenu: false, toolBar: false, keypress: false,
      allowUndo: false, theme: THEME, handleWheel: wheel, scaleMin: 0.3, scaleMax: 1.6 });
    const link = mind.linkDiv;
    mind.linkDiv = function (main) { decorate(); link.call(this, main); };
    mind.selection = { select: (topic) => P.select(topic.nodeObj.id, true), deselect() {}, cancel() {}, destroy() {} };
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
    if (!P.isOutline()) P.fit();
    // Letters that arrive late, marks and folds change the size of what lines lead to.
    let relink = 0;
    new ResizeObserver(() => {
      cancelAnimationFrame(relink);
      relink = requestAnimationFrame(() => { if (!P.isOutline()) link.call(mind); });
    }).observe(mind.nodes);
    P.on('drawn', P.draw);
  };

  P.fit = function () {
    mind.scaleFit();
    // Smaller than this the letters would be below twelve pixels.
    if (mind.scaleVal < SMALLEST) {
      mind.scaleVal = SMALLEST;
      mind.toCenter();
    }
  };

  P.setOutline = function (outline) {
    P.find('map').classList.toggle('outline', outline);
    P.draw();
    if (!outline) P.fit();
  };
})(window.PlanEditor);
