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
    const size = S.map.getSize(), phone = S.isPhone();
    const view = { width: size.x, height: size.y, reserve: { bottom: 42 } };
    const map = S.data.maps[code];
    if (phone) S.moveSheet('low');
    moveBeneath(code, map, view, phone);
    const rings = S.shapes[code].map((polygon) => polygon[0]);
    S.scrim = [
      L.polygon([WORLD, ...rings], { interactive: false, stroke: false, fillColor: S.colour('ground'), fillOpacity: 0.82, smoothFactor: 0, noClip: true }).addTo(S.map),
      ...['#fff', S.colour('ink')].map((color, i) => L.polygon(S.shapes[code], { interactive: false, fill: false, color, weight: i ? 2.6 : 7, smoothFactor: 0 }).addTo(S.map)),
    ];
    const layer = el('div', 'radial-layer');
    layer.setAttribute('role', 'region');
    layer.setAttribute('aria-label', area.full);
    const close = S.button('control close', S.words.lift, () => S.closeRadial());
    const foot = el('div', 'foot', ...S.data.notes.map((note) => S.thai('p', '', note)));
    const column = S.laidTexts(code, (event) => S.light(event.detail.on ? [code] : [], true));
    S.stage.append(layer);
    S.radialLayer = layer;
    if (phone) {
      column.querySelector('.laid-scroll').append(foot);
      layer.append(column, card(area, true), close);
      const head = layer.querySelector('.card').offsetHeight;
      S.radialBoxes = [[0, 0, size.x, head], [0, column.querySelector('.mm-out').getBoundingClientRect().top - layer.getBoundingClientRect().top, size.x, size.y]];
    } else {
      layer.append(card(area), buttons(column, close), foot, column);
      drawRadial(layer, column, code, view);
    }
    S.view.place();
    close.focus();
  };

  const TOP_OF_PHONE = 0.44;

  // Move the area beneath the hub; on a phone into the part of the screen above the texts.
  function moveBeneath(code, map, view, phone) {
    const bounds = S.boundsOf(S.shapes[code]);
    S.map.setMinZoom(0);
    S.map.setMaxBounds(null);
    if (phone) {
      S.map.fitBounds(bounds, { paddingTopLeft: [24, 86], paddingBottomRight: [24, view.height * (1 - TOP_OF_PHONE) + 14], animate: false, maxZoom: 12 });
      return;
    }
    S.map.fitBounds(bounds, { padding: [view.width * 0.37, view.height * 0.28], animate: false, maxZoom: 12 });
    const hub = MindMap.centre(map, S.data.texts, view), middle = S.map.latLngToContainerPoint(bounds.getCenter());
    S.map.panBy([middle.x - hub.x, middle.y - hub.y], { animate: false });
  }

  function drawRadial(layer, column, code, view) {
    const drawing = el('div', 'drawing');
    layer.prepend(drawing);
    const at = S.map.latLngToContainerPoint(S.byCode[code].at);
    const drawn = MindMap.radial(drawing, S.data.maps[code], S.data.texts, { ...view, anchor: { x: at.x, y: at.y } });
    drawing.addEventListener('mindmap:branch', (event) => S.light(event.detail.on ? [code] : [], true));
    drawing.addEventListener('click', (event) => readNode(event.target, column));
    drawing.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      readNode(event.target, column);
    });
    layer.classList.toggle('larger', drawn.larger);
    const cardBox = layer.querySelector('.card'), controls = layer.querySelector('.radial-buttons'), origin = drawing.getBoundingClientRect();
    const captions = [...drawing.querySelectorAll('.mm-caption')].map((node) => {
      const box = node.getBoundingClientRect();
      return { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
    });
    S.radialBoxes = [...[...drawn.boxes, ...captions].map((box) => [box.x - 6, box.y - 6, box.x + box.width + 6, box.y + box.height + 6]),
      [0, 0, cardBox.offsetWidth + 24, cardBox.offsetHeight + 22], [view.width - controls.offsetWidth - 24, 0, view.width, 66],
      [0, view.height - 44, view.width, view.height]];
  }

  function readNode(target, column) {
    const box = target.closest && target.closest('.mm-box[role=treeitem]');
    if (box) S.readLaid(column, box.dataset.kind, box.dataset.index, box);
  }

  function buttons(column, close) {
    const read = S.button('control read', S.words.all_texts, () => (column.hidden ? S.readLaid(column, undefined, undefined, read) : S.closeLaid()));
    read.setAttribute('aria-expanded', 'false');
    column.hidden = true;
    return el('div', 'radial-buttons', read, close);
  }

  // Open the column of texts at a node; `from` gets the focus back.
  S.readLaid = function (column, kind, index, from) {
    column.hidden = false;
    column.from = from;
    S.radialLayer.querySelector('.read').setAttribute('aria-expanded', 'true');
    column.show(kind, index);
  };

  // Close the column of texts where it lies beside a radial; say whether there was one to close.
  S.closeLaid = function () {
    const read = S.radialLayer.querySelector('.read'), column = S.radialLayer.querySelector('.laid');
    if (!read || column.hidden) return false;
    column.hidden = true;
    read.setAttribute('aria-expanded', 'false');
    column.from.focus();
    return true;
  };

  function card(area, short) {
    const facts = area.facts.slice(0, 2).map(([label, words]) => el('p', '', put('span', '', label + ' '), put('b', '', words)));
    return el('div', 'card', el('h2', '', S.badge(area.badge, 22), put('span', '', area.full)), ...facts,
      ...(short ? [] : [S.rampScale(), S.presentSymbols(false)]));
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
