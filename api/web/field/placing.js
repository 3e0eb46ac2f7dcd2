// Where it is: found by the phone, set on the map, or chosen as a subdistrict. The map needs no network.
import { apart, button, field, h, section } from './dom.js';
import { icon } from './icons.js';
import { areaMap } from './map.js';
import { areaAt, finest, isOwn } from './places.js';
import { metres } from './parts.js';
import { areaName, clock, t } from './words.js';

const EXACT = 15, SEARCH = 20000, DIGITS = 6;

export function placePart(draft, changed, { areas, phone, quiet = false }) {
  const note = h('span', { class: 'note', role: 'status' });
  const small = areaMap({ areas, phone, label: t('place.map') });
  const set = h('span', {}), words = h('p', { class: 'place-name' }), exact = h('p', { class: 'note' });
  const choose = subdistricts(areas, phone, (code) => put({ how: 'area', stated: code }, t('place.chosen')));
  const card = h('div', { class: 'place-card' }, small.node,
    h('div', { class: 'place-told' }, h('div', {}, words, exact),
      button([icon('pin', 20), set], () => onMap(), { class: 'quiet', id: 'move-pin' })));
  const gps = button([icon('gps', 20), t('place.gps')], () => find(), { id: 'gps' });
  let watch = null;

  function put(place, told) {
    draft.place = place;
    note.textContent = told;
    if (place.how !== 'area') choose.value = '';
    show();
    changed('place');
  }

  function show() {
    const place = draft.place;
    set.textContent = t(place ? 'place.move' : 'place.set');
    if (place?.lat === undefined) {
      small.overview();
      const area = areas.find((one) => one.code === place?.stated);
      words.replaceChildren(...apart(area ? areaName(area, areas) : t('place.none')));
      exact.textContent = area ? t('place.whole_area') : t('place.none_hint');
      return;
    }
    small.show(place.lat, place.lon, place.accuracy_m, true);
    const area = areaAt(areas, place.lon, place.lat);
    words.replaceChildren(...apart(area ? areaName(area, areas) : t('place.beyond')));
    const away = !area || !isOwn(phone, area.code);
    exact.textContent = [place.accuracy_m ? t('place.exact', { far: metres(place.accuracy_m) }) : '', away ? t('place.away') : ''].filter(Boolean).join(' · ');
  }

  // Better positions replace worse ones until one is good enough or time is up.
  function find() {
    stop();
    note.textContent = t('place.finding');
    let best = Infinity;
    watch = navigator.geolocation.watchPosition(({ coords }) => {
      if (coords.accuracy >= best) return;
      best = coords.accuracy;
      const [lat, lon] = [coords.latitude, coords.longitude].map((one) => Number(one.toFixed(DIGITS)));
      put({ how: 'gps', lat, lon, accuracy_m: Math.round(coords.accuracy) }, t('place.found', { time: clock(new Date()) }));
      if (best <= EXACT) stop();
    }, (error) => {
      stop();
      if (best === Infinity) note.textContent = t(error.code === 1 ? 'place.denied' : 'place.lost');
    }, { enableHighAccuracy: true, timeout: SEARCH, maximumAge: 5000 });
    setTimeout(stop, SEARCH);
  }

  function stop() {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
  }

  function onMap() {
    stop();
    mapDialog({ areas, phone, place: draft.place }, (lat, lon) => put({ how: 'map', lat, lon }, t('place.by_hand')));
  }

  // Asked for at once only where it was allowed before: a question of the browser comes when a button is pressed.
  async function begin() {
    show();
    if (quiet || draft.place || !navigator.geolocation) return;
    try {
      const allowed = await navigator.permissions.query({ name: 'geolocation' });
      if (allowed.state === 'granted' && !draft.place) find();
    } catch {
      return;
    }
  }
  queueMicrotask(begin);
  if (draft.place?.how === 'area') choose.value = draft.place.stated || '';
  const ways = h('div', { class: 'ways' }, navigator.geolocation ? gps : null, field(t('place.subdistrict'), choose));
  return { node: section(t('new.place'), note, card, ways), stop };
}

function subdistricts(areas, phone, onChoose) {
  const box = h('select', { onchange: () => { if (box.value) onChoose(box.value); } }, h('option', { value: '' }, t('place.choose')));
  const own = finest(areas).filter((area) => isOwn(phone, area.code));
  const order = new Intl.Collator('th');
  for (const parent of new Set(own.map((area) => area.parent))) {
    const district = areas.find((area) => area.code === parent);
    const below = own.filter((area) => area.parent === parent).sort((a, b) => order.compare(a.name_th, b.name_th));
    const group = h('optgroup', { label: district ? areaName(district, areas) : parent }, below.map((area) => h('option', { value: area.code }, areaName(area))));
    box.append(group);
  }
  return box;
}

// The whole screen is the map while a place is set on it.
function mapDialog({ areas, phone, place }, onDone) {
  let picked = place?.lat === undefined ? null : { lat: place.lat, lon: place.lon };
  const told = h('p', { class: 'place-name', role: 'status' });
  const use = button(t('map.use'), () => { if (picked) onDone(picked.lat, picked.lon); close(); }, { class: 'main', disabled: !picked });
  const map = areaMap({ areas, phone, label: t('map.label'), onPick(lat, lon) {
    picked = { lat, lon };
    map.mark(lat, lon);
    tell();
    use.disabled = false;
  } });
  const hint = h('p', { class: 'note' }, t('map.tap'));
  function tell() {
    const area = areaAt(areas, picked.lon, picked.lat);
    told.replaceChildren(...apart(area ? areaName(area, areas) : t('place.beyond')));
    hint.textContent = area && isOwn(phone, area.code) ? t('map.again') : t('place.away');
  }
  const dialog = h('dialog', { class: 'map-dialog', 'aria-label': t('map.title') },
    h('div', { class: 'map-top' }, h('h2', {}, t('map.title')), button(t('map.cancel'), () => close(), { class: 'quiet' })),
    map.node, h('div', { class: 'map-bottom' }, told, hint, use));
  const close = () => dialog.close();
  dialog.addEventListener('close', () => { dialog.remove(); document.getElementById('move-pin')?.focus(); });
  document.body.append(dialog);
  dialog.showModal();
  if (picked) {
    map.show(picked.lat, picked.lon, place.accuracy_m, true);
    tell();
  } else map.overview();
}
