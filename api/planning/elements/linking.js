// Which causes a solution addresses, which parts relate to each other, and the parts that were taken away.
(function (P) {
  'use strict';

  function causes() {
    return P.walk(P.state.shown, P.rootOf(P.state.shown).id).filter((part) => part.kind === 'cause');
  }

  function box(part, cause) {
    const tick = P.el('input');
    tick.type = 'checkbox';
    tick.dataset.cause = cause.id;
    tick.disabled = !P.state.mayEdit;
    tick.addEventListener('change', () => {
      P.ask({ action: tick.checked ? 'link' : 'unlink', part: part.id, to: cause.id, link: 'addresses' });
      P.select(part.id, false);
    });
    return P.el('label', 'box', tick, P.put('span', '', cause.fields.text || ''));
  }

  // Parts that one relates to, either way round: each with a way there and a way to take the link away.
  function drawRelated(place, part) {
    const found = P.linksOf(P.state.shown, part.id).filter((link) => link.kind === 'relates' && P.isShown(P.state.shown, otherOf(link, part)));
    const sign = JSON.stringify([found.map((link) => [otherOf(link, part), P.part(otherOf(link, part)).fields.text]), candidates(part).map((each) => [each.id, each.fields.text])]);
    if (place.dataset.sign === sign) return;
    place.dataset.sign = sign;
    place.replaceChildren(P.both('h3', '', 'plan.page.related'), P.el('ul', '', ...found.map((link) => related(link, part))));
    if (P.state.mayEdit) place.append(relating(part));
  }

  const otherOf = (link, part) => (link.part === part.id ? link.to : link.part);

  function candidates(part) {
    const root = P.rootOf(P.state.shown);
    const held = new Set(P.linksOf(P.state.shown, part.id).filter((link) => link.kind === 'relates').map((link) => otherOf(link, part)));
    return [root, ...P.walk(P.state.shown, root.id)].filter((each) => each.id !== part.id && !held.has(each.id));
  }

  function related(link, part) {
    const other = P.part(otherOf(link, part));
    const words = P.kindWord(other.kind) + ': ' + P.short(other.fields.text || '', 60);
    const row = P.el('li', '', P.button('link', words, () => P.select(other.id, true)));
    if (!P.state.mayEdit) return row;
    const gone = P.bothButton('quiet', 'plan.page.unrelate', () => {
      P.ask({ action: 'unlink', part: link.part, to: link.to, link: 'relates' });
      P.select(part.id, false);
      document.querySelector('#field-relates').focus();
    });
    gone.setAttribute('aria-label', P.th('plan.page.unrelate') + ' ' + words);
    row.append(gone);
    return row;
  }

  function relating(part) {
    const control = P.el('select');
    control.id = 'field-relates';
    control.append(new Option(P.th('plan.page.not_chosen'), ''));
    for (const each of candidates(part)) control.append(new Option(P.kindWord(each.kind) + ': ' + P.short(each.fields.text || '', 40), each.id));
    const label = P.both('label', '', 'plan.page.relate');
    label.htmlFor = control.id;
    const add = P.bothButton('quiet', 'plan.page.relate_add', () => {
      if (!control.value) return control.focus();
      P.ask({ action: 'link', part: part.id, to: control.value, link: 'relates' });
      P.select(part.id, false);
      document.querySelector('#field-relates').focus();
    });
    return P.el('div', 'field', label, control, add);
  }

  P.drawLinks = function (part) {
    drawRelated(document.querySelector('#form .related'), part);
    const set = document.querySelector('#form .causes');
    const list = document.querySelector('#form .solutions');
    if (set) drawCauses(set, part);
    if (list) drawSolutions(list, part);
  };

  // Boxes that stand already keep their place and the keyboard on them.
  function drawCauses(set, part) {
    const found = causes();
    const sign = JSON.stringify(found.map((cause) => [cause.id, cause.fields.text]));
    if (set.dataset.sign !== sign) {
      set.dataset.sign = sign;
      set.replaceChildren(P.both('legend', '', 'plan.page.addresses'), ...found.map((cause) => box(part, cause)));
    }
    for (const tick of set.querySelectorAll('input')) tick.checked = P.isLinked(P.state.shown, part.id, tick.dataset.cause);
  }

  function drawSolutions(list, part) {
    const found = P.linksOf(P.state.shown, part.id).filter((link) => link.kind === 'addresses' && link.to === part.id && P.isShown(P.state.shown, link.part));
    const buttons = found.map((link) => P.button('link', P.short(P.part(link.part).fields.text, 60), () => P.select(link.part, true)));
    list.replaceChildren(P.both('h3', '', 'plan.page.addressed_by'), ...(buttons.length ? buttons : [P.put('p', 'hint', P.th('plan.page.no_solution'))]));
  }

  P.drawRemoved = function () {
    const tree = P.state.shown;
    const found = [...tree.parts.values()].filter((part) => part.removed);
    const place = P.find('removed');
    place.hidden = !found.length;
    place.querySelector('summary').textContent = P.th('plan.page.removed_parts', { count: found.length });
    const rows = found.map((part) => {
      const back = P.bothButton('quiet', 'plan.page.restore_part', () => {
        P.ask({ action: 'restore', part: part.id });
        P.select(part.id, true);
      });
      back.hidden = !P.state.mayEdit;
      return P.el('li', '', P.put('span', '', P.kindWord(part.kind) + ': ' + (part.fields.text || '')), back);
    });
    place.querySelector('ul').replaceChildren(...rows);
  };

  // What the server refused stands here with its words until it was read: nothing written is lost unsaid.
  P.drawRefused = function () {
    const place = P.find('refused');
    place.hidden = !P.state.refused.length;
    const rows = P.state.refused.map((each) => {
      const said = each.operation.fields ? each.operation.fields.text : each.operation.value;
      const words = said === undefined || said === null ? P.th('plan.page.verb.' + each.operation.action) : P.valueWords(each.operation.field || 'text', said);
      const gone = P.bothButton('quiet', 'plan.page.seen', () => {
        P.state.refused = P.state.refused.filter((one) => one !== each);
        P.drawRefused();
      });
      return P.el('li', '', P.put('strong', '', words), P.put('span', '', ' ' + each.words.th), gone);
    });
    place.querySelector('ul').replaceChildren(...rows);
  };

  P.on('drawn', P.drawRemoved);
  P.on('drawn', P.drawClashes);
  P.on('refused', P.drawRefused);
})(window.PlanEditor);
