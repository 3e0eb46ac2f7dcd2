// Plays the steps of a briefing one after the other: buttons, keys, swipes. Without it they stand below each other.
(function () {
  'use strict';
  const steps = [...document.querySelectorAll('.step')];
  const nav = document.querySelector('nav'), where = document.querySelector('.where'), stage = document.getElementById('stage');
  const LEAST = 13;
  let now = -1;

  function fit(step) {
    for (const box of step.querySelectorAll('.scroll')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
    }
    step.style.fontSize = '';
    if (matchMedia('(max-width:760px)').matches) return;
    let size = parseFloat(getComputedStyle(step).fontSize);
    while (size > LEAST && (step.scrollHeight > step.clientHeight + 1 || step.scrollWidth > step.clientWidth + 1)) {
      size -= 0.5;
      step.style.fontSize = size + 'px';
    }
  }

  function show(at, focus) {
    const next = Math.max(0, Math.min(steps.length - 1, at));
    if (next === now) return;
    now = next;
    steps.forEach((step, i) => { step.hidden = i !== now; });
    stage.scrollTop = 0;
    window.scrollTo(0, 0);
    fit(steps[now]);
    where.textContent = where.dataset.words.replace('{step}', now + 1).replace('{steps}', steps.length);
    nav.querySelector('[data-go="-1"]').disabled = now === 0;
    nav.querySelector('[data-go="1"]').disabled = now === steps.length - 1;
    if (location.hash !== '#' + steps[now].id) history.replaceState(null, '', '#' + steps[now].id);
    if (focus) steps[now].querySelector('.title').focus({ preventScroll: true });
  }

  const from = () => Math.max(0, steps.findIndex((step) => '#' + step.id === location.hash));
  const FORWARD = ['ArrowRight', 'ArrowDown', 'PageDown', ' ', 'Enter'], BACK = ['ArrowLeft', 'ArrowUp', 'PageUp', 'Backspace'];
  const SCROLLING = { ArrowDown: 1, PageDown: 1, ' ': 1, ArrowUp: -1, PageUp: -1 };

  // Where even the smallest type does not fit, keys that scroll go on only from the end of what there is to see.
  function scrolled(key) {
    const step = steps[now], way = SCROLLING[key], left = way > 0 ? step.scrollHeight - step.clientHeight - step.scrollTop : step.scrollTop;
    if (!way || getComputedStyle(step).overflowY !== 'auto' || left < 2) return false;
    step.scrollBy(0, way * step.clientHeight * 0.8);
    return true;
  }

  function whole() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const pressed = event.target.closest('button,a') && (event.key === ' ' || event.key === 'Enter');
    if (pressed) return;
    if (scrolled(event.key)) { event.preventDefault(); return; }
    if (FORWARD.includes(event.key)) show(now + 1, true);
    else if (BACK.includes(event.key)) show(now - 1, true);
    else if (event.key === 'Home') show(0, true);
    else if (event.key === 'End') show(steps.length - 1, true);
    else if (event.key === 'f' || event.key === 'F') whole();
    else return;
    event.preventDefault();
  });

  let start = null;
  document.addEventListener('touchstart', (event) => {
    const inner = event.target.closest('.scroll');
    const sideways = inner && inner.scrollWidth > inner.clientWidth;
    start = event.touches.length === 1 && !sideways ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener('touchend', (event) => {
    if (!start) return;
    const dx = event.changedTouches[0].clientX - start.clientX, dy = event.changedTouches[0].clientY - start.clientY;
    start = null;
    if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy)) show(now + (dx < 0 ? 1 : -1), true);
  }, { passive: true });

  for (const button of nav.querySelectorAll('[data-go]')) button.addEventListener('click', () => show(now + Number(button.dataset.go), true));
  nav.querySelector('[data-full]').addEventListener('click', whole);
  window.addEventListener('hashchange', () => show(from(), true));
  let waiting = 0;
  window.addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => fit(steps[now]), 120);
  });
  document.documentElement.classList.add('playing');
  nav.hidden = false;
  show(from(), false);
  document.fonts.ready.then(() => fit(steps[now]));
})();
