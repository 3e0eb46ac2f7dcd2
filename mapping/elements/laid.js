// Every text of the mind map laid on the map: a column beside the radial on a wide screen, all of it on a phone.
(function (S) {
  'use strict';
  const { el, put } = S;
  const STEPS = [['effect', '.mm-block.mm-effect'], ['cause', '.mm-block.mm-cause'], ['goal', '.mm-aim'], ['solution', '.mm-plan'], ['asset', '.mm-capital']];

  // The column, closed until somebody reads it; `onBranch` hears which branch is under the pointer or the focus.
  S.laidTexts = function (code, onBranch) {
    const map = S.data.maps[code], texts = S.data.texts;
    const problem = el('div', 'laid-part'), ways = el('div', 'laid-part');
    MindMap.outline(problem, map, texts, ['problem']);
    MindMap.activities(ways, map, texts);
    const scroll = el('div', 'laid-scroll', problem, ways);
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'group');
    scroll.setAttribute('aria-label', S.words.all_texts);
    scroll.addEventListener('mindmap:branch', onBranch);
    const steps = el('nav', 'laid-steps', ...STEPS.map(([kind, selector]) => step(scroll, kind === 'solution' ? S.words.tab_solution : texts.w['caption.' + kind], selector)).filter(Boolean));
    steps.setAttribute('aria-label', S.words.branches);
    const column = el('section', 'laid', steps, scroll);
    column.setAttribute('aria-label', S.words.all_texts);
    column.show = (kind, index) => show(scroll, kind, index);
    return column;
  };

  function step(scroll, words, selector) {
    const target = scroll.querySelector(selector);
    return target && S.button('control', words, () => {
      scroll.scrollTop += target.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 8;
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    });
  }

  // Bring a node of the radial into sight and set the focus on it.
  function show(scroll, kind, index) {
    const target = kind === undefined ? null : MindMap.find(scroll, kind, index);
    for (const lit of scroll.querySelectorAll('.is-told')) lit.classList.remove('is-told');
    if (!target) return scroll.focus({ preventScroll: true });
    target.classList.add('is-told');
    if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
  }
})(window.SocialMap);
