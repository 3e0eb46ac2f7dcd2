// Writing a part's text where it stands. The box lies above the map, so that the map may be drawn anew below the caret.
(function (P) {
  'use strict';
  let open = null;

  P.isWriting = () => open;

  P.editText = function (id) {
    const part = P.part(id);
    if (!P.state.mayEdit || !part) return;
    if (open) close(true);
    const box = P.el('textarea', 'inplace');
    box.value = String(part.fields.text || '');
    box.rows = 1;
    box.maxLength = 1000;
    box.setAttribute('aria-label', P.th('plan.page.text_of', { kind: P.kindWord(part.kind) }));
    box.placeholder = P.th('plan.page.write', { kind: P.kindWord(part.kind) });
    open = { id: id, box: box, base: P.state.server.number, first: box.value };
    box.addEventListener('keydown', pressed);
    box.addEventListener('input', place);
    box.addEventListener('blur', () => close(true));
    P.find('mapbox').append(box);
    P.tell('writing');
    if (P.topicOf(id)) P.bring(P.topicOf(id));
    place();
    box.focus({ preventScroll: true });
    box.select();
  };

  function place() {
    if (!open) return;
    const topic = P.topicOf(open.id);
    const around = P.find('mapbox').getBoundingClientRect();
    const at = topic ? topic.getBoundingClientRect() : around;
    const wide = Math.min(Math.max(at.width, 220), around.width - 16);
    const left = Math.min(Math.max(8, at.left - around.left), around.width - wide - 8);
    open.box.style.left = left + 'px';
    open.box.style.top = Math.max(4, at.top - around.top - 2) + 'px';
    open.box.style.width = wide + 'px';
    open.box.style.height = 'auto';
    open.box.style.height = Math.max(open.box.scrollHeight + 2, 34) + 'px';
  }

  function pressed(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      const id = close(event.key === 'Enter');
      const topic = P.topicOf(id);
      if (topic) topic.focus({ preventScroll: true });
    }
  }

  // Ends the writing; returns where the keyboard goes on.
  function close(keep) {
    if (!open) return P.state.selected;
    const { id, box, base, first } = open;
    open = null;
    const words = box.value.replace(/\s+/g, ' ').trim();
    box.remove();
    const ghost = P.state.ghost;
    if (ghost && ghost.part === id) {
      P.state.ghost = null;
      if (keep && words) {
        P.ask(Object.assign({}, ghost, { fields: Object.assign({}, ghost.fields, { text: words }) }), base);
        return id;
      }
      P.state.selected = ghost.parent;
      P.refresh();
      P.tell('selected', ghost.parent);
      return ghost.parent;
    }
    if (keep && words && words !== first) P.ask({ action: 'set', part: id, field: 'text', value: words }, base);
    return id;
  }

  P.commitWriting = () => close(true);
  P.on('placed', place);
  window.addEventListener('resize', place);
  document.addEventListener('scroll', place, true);
})(window.PlanEditor);
