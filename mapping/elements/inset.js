// The country's crowded middle drawn larger in a corner of the same map, with circles of the same scale.
(function (S) {
  'use strict';
  const { el, put } = S;
  const FRAME = [[13.3, 99.78], [14.32, 101.02]];

  S.insetHolds = function (area) {
    return S.inset && !S.inset.hidden && area.at[0] > FRAME[0][0] && area.at[0] < FRAME[1][0] && area.at[1] > FRAME[0][1] && area.at[1] < FRAME[1][1];
  };

  S.drawInset = function () {
    const holder = el('div', 'inset');
    const inner = el('div', 'inset-map');
    holder.append(inner, put('b', '', S.words.inset));
    S.stage.append(holder);
    const map = L.map(inner, { zoomControl: false, attributionControl: false, zoomSnap: 0, dragging: false, scrollWheelZoom: false, doubleClickZoom: false,
      touchZoom: false, boxZoom: false, keyboard: false });
    map.fitBounds(FRAME, { animate: false });
    S.fitInset = () => {
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(FRAME, { animate: false });
      frame.setBounds(map.getBounds());
      view.place();
    };
    inner.tabIndex = -1;
    const bounds = map.getBounds();
    const view = S.drawMap(map, S.data, {
      fine: true, choose: S.choose, style: () => S.labelStyles.dense, scale: () => S.scale,
      placed: (plan) => { S.insetNumbered = plan.numbered; }, blocked: () => [[0, 0, 190, 24]], only: (area) => S.insetHolds(area),
    });
    S.inset = holder;
    S.insetView = view;
    const frame = L.rectangle(bounds, { fill: false, color: S.colour('ink'), weight: 1.3, interactive: false }).addTo(S.map);
    S.insetFrame = frame;
    S.map.on('zoomend', () => {
      const away = S.map.getZoom() > S.home + 0.9 || (S.isPhone() && S.panel.dataset.sheet === 'half');
      if (away !== holder.hidden) S.showInset(!away);
    });
    S.showInset = (shown) => {
      holder.hidden = !shown;
      if (shown) frame.addTo(S.map);
      else frame.remove();
    };
    return view;
  };
})(window.SocialMap);
