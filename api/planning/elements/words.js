// The words of the page from the one catalogue, Thai first; dates in the Buddhist era.
(function (P) {
  'use strict';
  const MONTHS = () => P.given.months;

  function filled(words, given) {
    return words.replace(/\{(\w+)\}/g, (whole, name) => (given && name in given ? String(given[name]) : whole));
  }

  P.th = (key, given) => filled(P.given.words[key] ? P.given.words[key].th : key, given);
  P.en = (key, given) => filled(P.given.words[key] ? P.given.words[key].en : key, given);

  // Thai, then English marked as such.
  P.both = function (tag, className, key, given) {
    const english = P.put('span', '', P.en(key, given));
    english.lang = 'en';
    return P.el(tag, className, P.th(key, given) + ' ', english);
  };

  P.bothButton = function (className, key, action, given) {
    const node = P.both('button', className, key, given);
    node.type = 'button';
    node.addEventListener('click', action);
    return node;
  };

  P.kindWord = (kind) => P.th('plan.kind.' + kind);

  P.day = function (iso) {
    const parts = iso.slice(0, 10).split('-').map(Number);
    return parts[2] + ' ' + MONTHS()[parts[1] - 1] + ' ' + (parts[0] + 543);
  };

  // The province's clock is Bangkok's wherever the browser stands.
  P.moment = function (iso) {
    const local = new Date(new Date(iso).getTime() + 7 * 3600 * 1000).toISOString();
    return P.day(local) + ' ' + local.slice(11, 16).replace(':', '.') + ' น.';
  };

  // Browsers write days in the manner of their own country: beside each stands the day in the Buddhist era.
  P.writeDays = function () {
    for (const input of document.querySelectorAll('main input[type=date]')) {
      let place = input.nextElementSibling;
      if (!place || !place.classList.contains('era')) {
        place = P.put('span', 'era hint', '');
        input.after(place);
      }
      place.textContent = input.value ? P.day(input.value) : '';
    }
  };

  P.dayOf = (iso) => new Date(new Date(iso).getTime() + 7 * 3600 * 1000).toISOString().slice(0, 10);

  P.short = function (words, most) {
    const held = String(words);
    return held.length > (most || 60) ? held.slice(0, (most || 60) - 1) + '…' : held;
  };

  P.fieldWord = (name) => (P.given.words['plan.field.' + name] ? P.th('plan.field.' + name) : name);

  // A field's value as people read it.
  P.valueWords = function (name, value) {
    if (value === null || value === undefined || value === '') return P.th('plan.page.empty');
    const choice = P.given.words['plan.choice.' + name + '.' + value];
    if (choice) return choice.th;
    if (Array.isArray(value)) return value.join(', ') || P.th('plan.page.empty');
    if (name === 'asset_id') return P.assetWords(value);
    if (name === 'budget' && typeof value === 'number') return Number(value).toLocaleString('en-US') + ' ' + P.th('plan.page.baht');
    if (/_on$/.test(name) && /^\d{4}-\d\d-\d\d$/.test(value)) return P.day(String(value));
    if (typeof value === 'object') return P.filterWords ? P.filterWords(value) : JSON.stringify(value);
    return String(value);
  };

  // Says something to everybody: seen for a while, and read aloud when nothing else is.
  let clearing = null;
  P.say = function (thai, english, wrong) {
    const line = P.el('p', '', thai);
    if (english) {
      const second = P.put('span', '', ' ' + english);
      second.lang = 'en';
      line.append(second);
    }
    const place = P.find('said');
    place.replaceChildren(line);
    place.classList.toggle('wrong', Boolean(wrong));
    place.classList.add('open');
    clearTimeout(clearing);
    clearing = setTimeout(() => place.classList.remove('open'), wrong ? 15000 : 7000);
  };

  P.sayKey = (key, given, wrong) => P.say(P.th(key, given), P.en(key, given), wrong);
})(window.PlanEditor);
