// The legend: classes, symbols beside them, circle sizes, plan states; in full beside the map, as a strip on a phone.
(function (S) {
  'use strict';
  const { el, put, svg } = S;

  const entry = (mark, text) => el('li', '', mark, put('span', '', text));

  function group(title, note, ...entries) {
    const list = el('ul', '', ...entries);
    return el('div', 'group', put('h3', '', title), note ? put('p', 'note', note) : null, list);
  }

  function circles(legend, scale) {
    const radii = legend.sizes.map(([size]) => S.radius(size, scale));
    const most = radii[radii.length - 1] || 0, width = 2 * most + 60, height = Math.max(2 * most + 6, 15 * radii.length + 4);
    const base = height - 2;
    const node = svg('svg', { width, height, class: 'circles', role: 'img', 'aria-label': legend.sizes.map(([, text]) => text).join(', ') });
    let above = Infinity;
    radii.map((r, i) => [r, legend.sizes[i][1]]).forEach(([r, text]) => {
      const top = base - 2 * r, y = Math.min(top, above - 14);
      above = y;
      node.prepend(svg('circle', { cx: most + 1, cy: base - r, r, fill: '#fff', 'fill-opacity': 0.9, stroke: S.colour('ink') }));
      node.append(svg('path', { d: 'M' + (most + 1) + ',' + top + 'L' + (2 * most + 8) + ',' + y + 'h4', fill: 'none', stroke: S.colour('ink'), 'stroke-width': 0.7 }));
      const label = svg('text', { x: 2 * most + 15, y: y + 4.2, 'font-size': 12 });
      label.textContent = text;
      node.append(label);
    });
    const shift = Math.min(0, above - 7);
    node.setAttribute('viewBox', '0 ' + shift + ' ' + width + ' ' + (height - shift));
    node.setAttribute('height', height - shift);
    return node;
  }

  S.classGroup = function () {
    const legend = S.data.legend;
    if (!legend.classes.length) return null;
    return group(legend.title, legend.unit, ...legend.classes.map(([ramp, text]) => entry(S.swatch('class', ramp), text)));
  };

  S.symbolGroup = function () {
    const middle = S.data.legend.classes.length ? S.data.legend.classes[Math.max(0, S.data.legend.classes.length - 2)][0] : 2;
    return group(S.words.beside, '', ...S.data.legend.symbols.map(([symbol, text]) => entry(S.swatch(symbol, middle), text)));
  };

  S.badgeGroup = function () {
    return group(S.words.plans, '', ...S.data.legend.badges.map(([state, text]) => entry(S.badge(state, 17), text)));
  };

  S.sizeGroup = function (scale) {
    const legend = S.data.legend;
    if (!legend.sizes.length || !scale) return null;
    return el('div', 'group', put('h3', '', legend.sizeTitle), put('p', 'note', legend.sizeNote), circles(legend, scale));
  };

  S.legendParts = function (scale) {
    const columns = el('div', 'groups', S.classGroup(), S.symbolGroup(), S.sizeGroup(scale), S.badgeGroup());
    const notes = el('div', 'notes', ...S.data.notes.map((note) => S.thai('p', '', note)));
    return [columns, notes];
  };

  S.drawDock = function () {
    const dock = el('section', 'dock');
    dock.setAttribute('aria-label', S.words.legend);
    S.dock = dock;
    return dock;
  };

  S.fillDock = function (scale) {
    const [columns, notes] = S.legendParts(scale);
    const before = S.dock.offsetHeight;
    S.dock.replaceChildren(columns, ...(S.dockKey ? [S.dockKey] : []), notes);
    if (before && Math.abs(S.dock.offsetHeight - before) > 2 && S.view) setTimeout(() => S.settle(), 0);
  };

  // The ramp with its breaks, small: for a phone and for the card beside a mind map on the map.
  S.rampScale = function () {
    const legend = S.data.legend;
    if (!legend.classes.length) return null;
    const ramp = el('div', 'ramp');
    legend.classes.forEach(([place], i) => {
      const step = el('div', 'step', svg('svg', { width: 34, height: 10, 'aria-hidden': 'true' }, svg('rect', { width: 34, height: 10, fill: S.fill('class', place) })));
      step.append(put('span', '', legend.breaks[i] === undefined ? '' : legend.breaks[i]));
      ramp.append(step);
    });
    return el('div', 'scale', put('p', '', legend.unit), ramp);
  };

  // Every symbol that stands on this map, in few words.
  S.presentSymbols = function (badges) {
    const legend = S.data.legend;
    const present = new Set(S.data.areas.map((area) => area.symbol));
    const states = new Set(S.data.areas.map((area) => (area.badge === 'template' ? 'draft' : area.badge)));
    const marks = el('ul', 'symbols');
    const swatch = (symbol, ramp) => svg('svg', { width: 17, height: 12, 'aria-hidden': 'true' }, svg('rect', { x: 0.5, y: 0.5, width: 16, height: 11, fill: S.fill(symbol, ramp), stroke: S.colour('edge') }));
    for (const [symbol, text] of legend.symbols) if (present.has(symbol)) marks.append(el('li', '', swatch(symbol, 2), put('span', '', text.split(' (')[0])));
    for (const [state, text] of badges ? legend.badges : []) if (states.has(state)) marks.append(el('li', '', S.badge(state, 14), put('span', '', text)));
    return marks;
  };

  S.drawStrip = function () {
    const parts = [S.rampScale(), S.presentSymbols(true)].filter(Boolean);
    const strip = el('section', 'strip', ...parts);
    strip.setAttribute('aria-label', S.words.legend);
    return strip;
  };
})(window.SocialMap);
