// The language of symbols: class fills, patterns beside them, badges of plan states, circles of counts.
(function (S) {
  'use strict';
  const svg = S.svg;

  function pattern(id, size, ...marks) {
    return svg('pattern', { id: 'sm-' + id, width: size, height: size, patternUnits: 'userSpaceOnUse' }, ...marks);
  }

  // One hidden picture holds the patterns of the whole page.
  S.patterns = function () {
    const ground = (size, fill) => svg('rect', { width: size, height: size, fill: fill });
    const dot = (x, y) => svg('circle', { cx: x, cy: y, r: 1.3, fill: '#5F6F7E' });
    const defs = svg('defs', {},
      pattern('no_data', 7, ground(7, '#F4F4F3'),
        svg('path', { d: 'M-1,8L8,-1M-1,1L1,-1M6,8L8,6', stroke: '#97A0A8', 'stroke-width': 1.2 })),
      pattern('hidden', 8, ground(8, '#E9EDF1'), dot(2, 2), dot(6, 6)),
      pattern('left_out', 9, ground(9, '#FBFAF7'),
        svg('path', { d: 'M1.5,1.5L5.5,5.5M5.5,1.5L1.5,5.5', stroke: '#8A7F6C', 'stroke-width': 1.2 })));
    for (let i = 0; i < 4; i++) {
      defs.append(pattern('unstable' + i, 8, ground(8, S.colour('r' + i)),
        svg('path', { d: 'M-1,1L1,-1M-1,9L9,-1M7,9L9,7', stroke: '#fff', 'stroke-width': 1.7, 'stroke-opacity': 0.7 })));
    }
    return svg('svg', { width: 0, height: 0, class: 'patterns', 'aria-hidden': 'true', focusable: 'false' }, defs);
  };

  S.fill = function (symbol, ramp) {
    if (symbol === 'class') return S.colour('r' + ramp);
    if (symbol === 'unstable') return 'url(#sm-unstable' + (ramp === null ? 2 : ramp) + ')';
    if (symbol === 'zero' || symbol === 'plain') return '#fff';
    return 'url(#sm-' + symbol + ')';
  };

  S.swatch = function (symbol, ramp) {
    return svg('svg', { width: 26, height: 15, 'aria-hidden': 'true' },
      svg('rect', { x: 0.5, y: 0.5, width: 25, height: 14, fill: S.fill(symbol, ramp), stroke: S.colour('edge') }));
  };

  S.badge = function (state, size) {
    const ink = S.colour('ink');
    const solid = state === 'approved' || state === 'overdue';
    const shapes = {
      none: ['circle', { cx: 10, cy: 10, r: 8.6, fill: '#fff', stroke: ink, 'stroke-width': 1.4, 'stroke-dasharray': '2.7 2.1' }],
      draft: ['rect', { x: 1.6, y: 1.6, width: 16.8, height: 16.8, rx: 2, fill: '#fff', stroke: ink, 'stroke-width': 1.6, 'stroke-dasharray': '4 2' }],
      approved: ['circle', { cx: 10, cy: 10, r: 9.2, fill: S.colour('solution'), stroke: '#fff', 'stroke-width': 1.4 }],
      overdue: ['path', { d: 'M10,-1.4L21.4,10L10,21.4L-1.4,10Z', fill: S.colour('late'), stroke: '#fff', 'stroke-width': 1.4 }],
    };
    shapes.template = shapes.draft;
    const letter = svg('text', { x: 10, y: 14.2, 'text-anchor': 'middle', 'font-size': 12.5, 'font-weight': 700, fill: solid ? '#fff' : ink });
    letter.textContent = S.data.badges[state][0];
    const node = svg('svg', { width: size, height: size, viewBox: '0 0 20 20', class: 'badge', role: 'img', 'aria-label': S.data.badges[state][1] });
    node.append(svg(...shapes[state]), letter);
    return node;
  };

  // The area of a circle follows the count.
  S.radius = function (count, scale) {
    return Math.max(2.2, scale * Math.sqrt(count));
  };
})(window.SocialMap);
