// Small makers of nodes. Text enters a page only through textContent, never as markup.
window.SocialMap = window.SocialMap || {};
(function (S) {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';

  S.el = function (tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };

  S.put = function (tag, className, text) {
    const node = S.el(tag, className);
    node.textContent = String(text);
    return node;
  };

  S.svg = function (tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const name in attributes || {}) node.setAttribute(name, attributes[name]);
    node.append(...children);
    return node;
  };

  // Thai whose allowed breaks are marked by ZWSP: every run becomes a span that breaks only when wider than its line.
  S.thai = function (tag, className, text) {
    const node = S.el(tag, className);
    for (const run of String(text).split('\u200b')) {
      const kept = run.trimEnd();
      if (kept) node.append(S.put('span', kept.length > 24 ? 'run long' : 'run', kept), document.createElement('wbr'));
      if (kept !== run) node.append(' ');
    }
    return node;
  };

  S.button = function (className, text, action) {
    const node = S.put('button', className, text);
    node.type = 'button';
    node.addEventListener('click', action);
    return node;
  };

  S.colour = function (name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  };

  S.isPhone = function () {
    return window.matchMedia('(max-width: 720px)').matches;
  };

  const canvas = document.createElement('canvas').getContext('2d');
  S.textWidth = function (text, size, weight) {
    canvas.font = weight + ' ' + size + 'px Sarabun';
    return canvas.measureText(text).width;
  };
})(window.SocialMap);
