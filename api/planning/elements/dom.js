// Small makers of nodes. Text enters the page only through textContent, never as markup.
window.PlanEditor = window.PlanEditor || {};
(function (P) {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';

  P.el = function (tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };

  P.put = function (tag, className, words) {
    const node = P.el(tag, className);
    node.textContent = String(words);
    return node;
  };

  P.svg = function (tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const name in attributes || {}) node.setAttribute(name, attributes[name]);
    node.append(...children);
    return node;
  };

  P.button = function (className, words, action) {
    const node = P.put('button', className, words);
    node.type = 'button';
    node.addEventListener('click', action);
    return node;
  };

  P.find = (name) => document.getElementById(name);
  P.isPhone = () => window.matchMedia('(max-width: 820px)').matches;
  P.newId = () => crypto.randomUUID();

  // Those who want to hear of something that happened on the page.
  const heard = {};
  P.on = function (name, act) {
    (heard[name] = heard[name] || []).push(act);
  };
  P.tell = function (name, given) {
    for (const act of heard[name] || []) act(given);
  };
})(window.PlanEditor);
