// The mind map laid on the map itself, for the meeting screen: the area keeps its colour, all else lies under a scrim.
(function (S) {
  'use strict';
  const { el, put } = S;
  const WORLD = [[-85, -180], [-85, 180], [85, 180], [85, -180]];

  S.openRadial = function (code) {
    const area = S.byCode[code];
    document.body.classList.add('radial');
    S.radial = code;
    S.map.invalidateSize({ animate: false });
    const size = S.map.getSize();
    const view = { width: size.x, height: size.y, reserve: { bottom: 42 } };
    const map = S.data.maps[code], bounds = S.boundsOf(S.shapes[code]);
    S.map.setMinZoom(0);
    S.map.setMaxBounds(null);
    S.map.fitBounds(bounds, { padding: [size.x * 0.37, size.y * 0.28], animate: false, maxZoom: 12 });
    const hub = MindMap.centre(map, S.data.texts, view);
    const middle = S.map.latLngToContainerPoint(bounds.getCenter());
    S.map.panBy([middle.x - hub.x, middle.y - hub.y], { animate: false });
    const rings = S.shapes[code].map((polygon) => polygon[0]);
    S.scrim = [
      L.polygon([WORLD, ...rings], { interactive: false, stroke: false, fillColor: S.colour('ground'), fillOpacity: 0.82, smoothFactor: 0, noClip: true }).addTo(S.map),
      ...['#fff', S.colour('ink')].map((color, i) => L.polygon(S.shapes[code], { interactive: false, fill: false, color, weight: i ? 2.6 : 7, smoothFactor: 0 }).addTo(S.map)),
    ];
    const layer = el('div', 'radial-layer');
    layer.setAttribute('role', 'region');
    layer.setAttribute('aria-label', area.full);
    const drawing = el('div', 'drawing');
    layer.append(drawing, card(area));
    const close = S.button('control close', S.words.lift, () => S.closeRadial());
    layer.append(close, el('div', 'foot', ...S.data.notes.map((note) => S.thai('p', '', note))));
    S.stage.append(layer);
    S.radialLayer = layer;
    const at = S.map.latLngToContainerPoint(area.at);
    const drawn = MindMap.radial(drawing, map, S.data.texts, { ...view, anchor: { x: at.x, y: at.y } });
    drawing.addEventListener('mindmap:branch', (event) => S.light(event.detail.on ? [code] : [], true));
    layer.classList.toggle('larger', drawn.larger);
    const cardBox = layer.querySelector('.card'), origin = drawing.getBoundingClientRect();
    const captions = [...drawing.querySelectorAll('.mm-caption')].map((node) => {
      const box = node.getBoundingClientRect();
      return { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
    });
    S.radialBoxes = [...[...drawn.boxes, ...captions].map((box) => [box.x - 6, box.y - 6, box.x + box.width + 6, box.y + box.height + 6]),
      [0, 0, cardBox.offsetWidth + 24, cardBox.offsetHeight + 22], [size.x - 130, 0, size.x, 66], [0, size.y - 44, size.x, size.y]];
    S.view.place();
    close.focus();
  };

  function card(area) {
    const facts = area.facts.slice(0, 2).map(([label, words]) => el('p', '', put('span', '', label + ' '), put('b', '', words)));
    return el('div', 'card', el('h2', '', S.badge(area.badge, 22), put('span', '', area.full)), ...facts, S.rampScale(), S.presentSymbols(false));
  }

  S.closeRadial = function () {
    if (!S.radial) return;
    const code = S.radial;
    S.radial = null;
    S.radialBoxes = null;
    S.radialLayer.remove();
    S.scrim.forEach((layer) => layer.remove());
    document.body.classList.remove('radial');
    S.fit();
    S.view.place();
    const button = S.panel.querySelector('.lay');
    if (button) button.focus();
    else if (S.view.focus) S.view.focus(code);
  };
})(window.SocialMap);
