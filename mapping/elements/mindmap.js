/* Draws mind maps that the server laid out: tree, radial, outline and rows of activities.
 *
 * MindMap.tree(host, item, texts)          the problem tree as SVG, texts already wrapped
 * MindMap.activities(host, item, texts)    goal, solutions with their activities, social capital
 * MindMap.outline(host, item, texts, parts) the same tree as nested lists; parts: ["problem", "solution"]
 * MindMap.radial(host, item, texts, {width, height, anchor: {x, y}, reserve: {top, right, bottom, left}}, anchor)
 *     the whole map over a map, in px of the host; returns {svg, scale, hub: {x, y}, boxes, larger, brief};
 *     `larger`: the texts need more room than given at a readable size, the overlay scrolls; `brief`: there is no room
 *     for all that is stated of activities
 * MindMap.centre(item, texts, size)        where the hub of that radial will stand, to move the map beneath it
 * MindMap.highlight(host, kind, index)     light a branch; kind null lights none
 * MindMap.find(host, kind, index)          where an outline or the rows of activities write a node, null where not
 *
 * Hovering or focusing a node dispatches `mindmap:branch` from the host: detail {kind, index, on}.
 * Every text goes in as textContent. `item` and `texts` are described in mapping/mindmap_json.py.
 */
var MindMap = (function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";
  var BREAK = "\u200b";
  var LEVELS = { problem: 1, effect: 2, cause: 2, root: 3, goal: 2, solution: 2, asset: 2 };
  var RADIUS = { effect: 14, problem: 10, asset: 15 };
  var GROW_X = { cause: 0, root: 0, solution: 1 };
  var ICONS = {
    done: "M2.5 7.5 6 11 12 3.5",
    doing: "M7 3.5V7.2L9.6 8.8",
    late: "M7 3.4V7.6M7 10V10.4",
    draft: "M4 7H10",
    planned: "M4.4 7.1 6.3 9 9.8 5.2",
  };

  /* small makers */

  function make(tag, className, children) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    append(node, children);
    return node;
  }

  function draw(tag, attributes, children) {
    var node = document.createElementNS(SVG, tag);
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    append(node, children);
    return node;
  }

  function append(node, children) {
    (children || []).forEach(function (child) {
      if (child !== null && child !== undefined && child !== "") node.append(child);
    });
  }

  function written(tag, className, words) {
    var node = make(tag, className);
    node.textContent = words;
    return node;
  }

  /* texts */

  function reader(item, texts) {
    return {
      marked: function (slot) { return slot < 0 ? "" : texts.t[item.t[slot]]; },
      plain: function (slot) { return this.marked(slot).split(BREAK).join(""); },
      thai: function (tag, className, slot) { return slot < 0 ? null : thai(tag, className, this.marked(slot)); },
    };
  }

  /* A line may break only between runs: each is a span that does not wrap, unless it is wider than its column. */
  function thai(tag, className, words) {
    var node = make(tag, className);
    words.split(BREAK).forEach(function (run) {
      var kept = run.replace(/ +$/, "");
      var letters = kept.replace(/[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]/g, "").length;
      node.append(written("span", letters > 13 ? "mm-run is-long" : "mm-run", kept), document.createElement("wbr"));
      if (kept !== run) node.append(" ");
    });
    return node;
  }

  function counted(word, number) { return word.replace("{number}", String(number)); }

  /* What is read aloud: the kind of node, then its texts and states as they are seen. */
  function label(read, texts, box) {
    var name = texts.w["caption." + box.kind];
    var words = box.paras.map(function (para) { return read.plain(para[1]); });
    var states = box.rules.map(function (rule) { return texts.w["status." + texts.st[rule[1]]]; });
    var number = box.kind === "cause" ? [box.index + 1] : [];
    return (name ? name + ": " : "") + number.concat(states, words).join(" ");
  }

  /* boxes of a layout */

  function boxOf(raw, texts) {
    var kind = texts.k[raw[0]];
    return {
      kind: kind, index: raw[1], x: raw[2], y: raw[3], w: raw[4], h: raw[5], paras: raw[6],
      growX: kind in GROW_X ? GROW_X[kind] : 0.5, growY: raw[7] || 0, tag: raw[8] || 0, rules: raw[9] || [],
    };
  }

  function keyOf(box) { return Array.isArray(box.index) ? box.index.join(".") : String(box.index); }

  function boxNode(box, read, texts, styles) {
    var node = draw("g", {
      "class": "mm-box mm-" + box.kind, transform: "translate(" + box.x + "," + box.y + ")",
      "data-kind": box.kind, "data-index": keyOf(box),
    });
    if (LEVELS[box.kind]) {
      node.setAttribute("role", "treeitem");
      node.setAttribute("aria-level", LEVELS[box.kind]);
      node.setAttribute("aria-label", label(read, texts, box));
      node.setAttribute("tabindex", "-1");
    }
    node.append(draw("rect", { "class": "mm-rect", width: box.w, height: box.h, rx: RADIUS[box.kind] || 5 }));
    if (box.kind === "cause") disc(node, box, styles);
    if (box.kind === "solution") solutionParts(node, box, texts, styles);
    box.paras.forEach(function (para) { paraNode(node, para, read, texts, styles); });
    return node;
  }

  function disc(node, box, styles) {
    var size = styles.cause[0] - 0.5, middle = box.paras[0][3] + styles.cause[0] * 0.72;
    var number = draw("text", { "class": "mm-number", x: 15.5, y: middle + size * 0.36, "font-size": size });
    number.textContent = box.index + 1 + " ";
    node.append(draw("circle", { "class": "mm-disc", cx: 15.5, cy: middle, r: 9 }), number);
  }

  function solutionParts(node, box, texts, styles) {
    node.append(draw("rect", { "class": "mm-bar", width: 4, height: box.h, rx: 2 }));
    if (box.tag) {
      node.append(draw("rect", { "class": "mm-pill", x: box.w - 8 - box.tag, y: 4, width: box.tag, height: 21, rx: 10.5 }));
    }
    box.rules.forEach(function (rule) {
      node.append(draw("path", { "class": "mm-rule", d: "M4 " + rule[0] + "H" + box.w }));
      node.append(statusMark(texts.st[rule[1]], texts, rule[2], rule[0] + 6, styles.status[0]));
    });
  }

  function statusMark(status, texts, x, y, size) {
    var mark = draw("g", { "class": "mm-mark mm-is-" + status, transform: "translate(" + x + "," + y + ")" });
    var words = draw("text", { x: 19, y: size * 1.08, "font-size": size, "font-weight": 700, "class": "mm-t-status" });
    words.textContent = texts.w["status." + status] + " ";
    mark.append(icon(status, 0, 3.5), words);
    return mark;
  }

  function icon(status, x, y) {
    var ring = draw("circle", { cx: 7, cy: 7, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.3 });
    var sign = draw("path", {
      d: ICONS[status], fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round",
      "stroke-linejoin": "round",
    });
    if (status === "planned") ring.setAttribute("stroke-dasharray", "2.4 2");
    return draw("g", { transform: "translate(" + x + "," + y + ")" }, status === "done" ? [sign] : [ring, sign]);
  }

  /* A para is [role, text, x, y, start of line 2, …]; a last number below zero says where a shortened text ends. */
  function paraNode(node, para, read, texts, styles) {
    var role = texts.r[para[0]], style = styles[role], words = read.plain(para[1]), starts = para.slice(4);
    var cut = starts.length && starts[starts.length - 1] < 0 ? -starts.pop() : 0;
    var places = [0].concat(starts), start = texts.start.indexOf(role) >= 0;
    if (cut) node.prepend(titleNode(words));
    places.forEach(function (from, number) {
      var last = number === places.length - 1, to = last ? cut || words.length : places[number + 1];
      var line = draw("text", {
        "class": "mm-t-" + role + (start ? "" : " mm-middle"), x: para[2], "font-size": style[0],
        y: round(para[3] + (number * texts.line[0] + texts.line[1]) * style[0]), "font-weight": style[1],
      });
      /* the space between lines and paragraphs stays in the text, for readers aloud and for copying; it is not drawn */
      line.textContent = last ? words.slice(from, to) + (cut ? "… " : " ") : words.slice(from, to);
      node.append(line);
    });
  }

  function titleNode(words) {
    var title = draw("title");
    title.textContent = words;
    return title;
  }

  function round(number) { return Math.round(number * 10) / 10; }

  function captionNode(kind, words, x, y, middle, size) {
    var node = draw("text", {
      "class": "mm-caption mm-" + kind + (middle ? " mm-middle" : ""), x: x, y: y, "font-size": size, "aria-hidden": "true",
    });
    node.textContent = words;
    return node;
  }

  /* links */

  /* Right-angled path with rounded corners. */
  function elbows(points) {
    var path = "M" + points[0].join(" ");
    for (var i = 1; i < points.length - 1; i += 1) {
      var before = points[i - 1], here = points[i], after = points[i + 1];
      var reach = Math.min(6, distance(before, here) / 2, distance(here, after) / 2);
      if (reach < 0.5) continue;
      path += "L" + toward(here, before, reach).join(" ") + "Q" + here.join(" ") + " " + toward(here, after, reach).join(" ");
    }
    return path + "L" + points[points.length - 1].join(" ");
  }

  function distance(a, b) { return Math.hypot(a[0] - b[0], a[1] - b[1]); }

  function toward(from, to, reach) {
    var all = distance(from, to) || 1;
    return [round(from[0] + ((to[0] - from[0]) * reach) / all), round(from[1] + ((to[1] - from[1]) * reach) / all)];
  }

  function head(kind, x, y, turn, size) {
    return draw("path", {
      "class": "mm-head mm-" + kind, d: "M" + -size * 1.4 + " " + -size + "L0 0L" + -size * 1.4 + " " + size + "Z",
      transform: "translate(" + round(x) + "," + round(y) + ") rotate(" + turn + ")",
    });
  }

  function treeLink(raw, texts, number) {
    var kind = texts.k[raw[0]], points = [];
    for (var i = 1; i < raw.length; i += 2) points.push([raw[i], raw[i + 1]]);
    var tip = points[points.length - 1];
    /* dashes of links that share a way lie on each other when all are drawn from the shared end */
    var path = kind === "effect" ? points : points.slice().reverse();
    return draw("g", { "data-kind": kind, "data-index": number }, [
      draw("path", { "class": "mm-link mm-" + kind, d: elbows(path) }), head(kind, tip[0], tip[1], -90, 5),
    ]);
  }

  /* the tree */

  function frame(host, item, texts, view, title) {
    host.classList.add("mm-host");
    host.classList.toggle("is-draft", Boolean(item.draft));
    var name = texts.w.tree + " " + title;
    return draw("svg", { "class": "mm-svg mm-" + view, role: "tree", "aria-label": name });
  }

  function tree(host, item, texts) {
    var layout = texts.l[item.tree], read = reader(item, texts), styles = texts.s.tree;
    var svg = frame(host, item, texts, "tree", read.plain(texts.l[item.plan][0]));
    var boxes = layout[2].map(function (raw) { return boxOf(raw, texts); });
    size(svg, layout[0], layout[1], "0 0 " + layout[0] + " " + layout[1]);
    var links = draw("g", { "class": "mm-links", "aria-hidden": "true" });
    var owners = boxes.filter(function (box) { return box.kind === "effect"; })
      .concat(boxes.filter(function (box) { return box.kind === "cause" || box.kind === "root"; }));
    var turns = {};
    layout[3].forEach(function (raw) {
      var kind = texts.k[raw[0]], turn = turns[kind] || 0;
      var owner = owners.filter(function (box) { return box.kind === kind; })[turn];
      turns[kind] = turn + 1;
      links.append(treeLink(raw, texts, owner ? keyOf(owner) : turn));
    });
    svg.append(links);
    reading(boxes).forEach(function (box) { svg.append(boxNode(box, read, texts, styles)); });
    layout[4].forEach(function (raw) {
      var kind = texts.k[raw[0]];
      svg.append(captionNode(kind, texts.w["caption." + kind], raw[1], raw[2], raw[3], styles.caption[0]));
    });
    host.append(note(item, texts), make("div", "mm-scroll", [svg]));
    listen(host, svg, item, texts);
    return svg;
  }

  function size(svg, width, height, view) {
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", view);
  }

  function note(item, texts) {
    if (!item.draft) return "";
    if (item.stamp) return make("div", "mm-note", [written("span", "", item.stamp)]);
    return make("div", "mm-note", [written("span", "", texts.w.stamp), written("span", "", texts.w.questions)]);
  }

  /* Order for the keyboard and screen readers: the problem, its effects, each cause with its roots, the way out. */
  function reading(boxes) {
    var order = ["problem", "stamp", "effect", "cause", "root", "goal", "solution", "asset"];
    function rank(box) {
      var kind = box.kind === "root" ? "cause" : box.kind, index = Array.isArray(box.index) ? box.index[0] : box.index;
      return [order.indexOf(kind), index, box.kind === "root" ? 1 : 0, Array.isArray(box.index) ? box.index[1] : 0];
    }
    return boxes.slice().sort(function (a, b) {
      var left = rank(a), right = rank(b);
      for (var i = 0; i < left.length; i += 1) if (left[i] !== right[i]) return left[i] - right[i];
      return 0;
    });
  }

  /* the radial */

  /* The radial that tells all of its activities where it fits at a readable size, else the one in brief. */
  function fitted(item, texts, given) {
    var whole = item.whole === undefined ? null : fit(texts.l[item.whole], texts, given);
    if (whole && !whole.larger) return whole;
    var brief = fit(texts.l[item.radial], texts, given);
    brief.brief = item.state !== "template";
    return brief;
  }

  function fit(layout, texts, given) {
    var reserve = Object.assign({ top: 0, right: 0, bottom: 0, left: 0 }, given.reserve);
    var width = given.width - reserve.left - reserve.right, height = given.height - reserve.top - reserve.bottom;
    var scale = Math.max(texts.scale[0], Math.min(texts.scale[1], width / layout[0], height / layout[1]));
    var moreX = Math.max(0, width / scale - layout[0]), moreY = Math.max(0, height / scale - layout[1]);
    var boxes = layout[2].map(function (raw) {
      var box = boxOf(raw, texts);
      box.x += box.growX * moreX;
      box.y += box.growY * moreY;
      return box;
    });
    var wide = reserve.left + reserve.right + (layout[0] + moreX) * scale;
    var high = reserve.top + reserve.bottom + (layout[1] + moreY) * scale;
    return {
      boxes: boxes, captions: layout[4], scale: scale, moreX: moreX, moreY: moreY, left: reserve.left, top: reserve.top,
      width: wide, height: high, larger: wide > given.width + 1 || high > given.height + 1,
      hub: boxes.filter(function (box) { return box.kind === "problem"; })[0],
    };
  }

  function onScreen(fit, x, y) { return { x: fit.left + x * fit.scale, y: fit.top + y * fit.scale }; }

  function centre(item, texts, given) {
    var fit = fitted(item, texts, given);
    return onScreen(fit, fit.hub.x + fit.hub.w / 2, fit.hub.y + fit.hub.h / 2);
  }

  function radial(host, item, texts, given, place) {
    var fit = fitted(item, texts, given), read = reader(item, texts), styles = texts.s.radial;
    var svg = frame(host, item, texts, "radial", read.plain(texts.l[item.plan][0]));
    var larger = fit.larger;
    var width = Math.max(given.width, Math.ceil(fit.width)), height = Math.max(given.height, Math.ceil(fit.height));
    size(svg, width, height, "0 0 " + width + " " + height);
    var field = draw("g", { transform: "translate(" + fit.left + "," + fit.top + ") scale(" + fit.scale + ")", role: "none" });
    var anchor = place || given.anchor;
    if (anchor) leader(field, fit, anchor);
    field.append(radialLinks(fit));
    reading(fit.boxes).forEach(function (box) { field.append(boxNode(box, read, texts, styles)); });
    fit.captions.forEach(function (raw) {
      var kind = texts.k[raw[0]], x = raw[1] + (kind in GROW_X ? GROW_X[kind] : 0.5) * fit.moreX;
      field.append(captionNode(kind, texts.w["caption." + kind], x, raw[2] + raw[4] * fit.moreY, raw[3], styles.caption[0]));
    });
    svg.append(field);
    host.append(make("div", "mm-overlay" + (larger ? " is-larger" : ""), [svg]));
    listen(host, svg, item, texts);
    return {
      svg: svg, scale: fit.scale, larger: larger, brief: Boolean(fit.brief), hub: onScreen(fit, fit.hub.x + fit.hub.w / 2, fit.hub.y + fit.hub.h / 2),
      boxes: fit.boxes.map(function (box) {
        var corner = onScreen(fit, box.x, box.y);
        return { kind: box.kind, x: corner.x, y: corner.y, width: box.w * fit.scale, height: box.h * fit.scale };
      }),
    };
  }

  /* From the hub to the area, with a light casing; nothing where the hub covers the anchor. */
  function leader(field, fit, anchor) {
    var x = (anchor.x - fit.left) / fit.scale, y = (anchor.y - fit.top) / fit.scale, hub = fit.hub;
    var from = [Math.min(Math.max(x, hub.x), hub.x + hub.w), Math.min(Math.max(y, hub.y), hub.y + hub.h)];
    if (distance(from, [x, y]) < 6) return;
    var way = "M" + from.join(" ") + "L" + round(x) + " " + round(y);
    field.append(draw("g", { "class": "mm-to-area", "aria-hidden": "true" }, [
      draw("path", { "class": "mm-halo", d: way }), draw("path", { "class": "mm-leader", d: way }),
      draw("circle", { "class": "mm-halo", cx: round(x), cy: round(y), r: 7 }),
      draw("circle", { "class": "mm-anchor", cx: round(x), cy: round(y), r: 6 }),
    ]));
  }

  function radialLinks(fit) {
    var group = draw("g", { "class": "mm-links", "aria-hidden": "true" }), hub = fit.hub;
    var foot = fit.boxes.filter(function (box) { return box.kind === "stamp"; })[0] || hub;
    var causes = {};
    fit.boxes.forEach(function (box) { if (box.kind === "cause") causes[box.index] = box; });
    fit.boxes.forEach(function (box) {
      var middle = box.x + box.w / 2, level = box.y + box.h / 2, hubLevel = hub.y + hub.h / 2, hubMiddle = hub.x + hub.w / 2;
      if (box.kind === "effect") {
        var start = hubMiddle + Math.max(-hub.w * 0.4, Math.min(hub.w * 0.4, (middle - hubMiddle) * 0.16));
        group.append(curve(box, [start, hub.y], [middle, box.y + box.h + 1], true));
      } else if (box.kind === "cause") {
        group.append(curve(box, [box.x + box.w, level], [hub.x - 1, hubLevel], false));
      } else if (box.kind === "root") {
        var owner = causes[box.index[0]];
        group.append(curve(box, [box.x + box.w, level], [owner.x - 1, owner.y + owner.h / 2], false));
      } else if (box.kind === "solution") {
        group.append(curve(box, [hub.x + hub.w, hubLevel], [box.x - 1, level], false));
      } else if (box.kind === "goal") {
        group.append(curve(box, [hubMiddle, foot.y + foot.h], [middle, box.y - 1], true));
      }
    });
    return group;
  }

  function curve(box, from, to, upright) {
    /* an effect's link goes sideways near the effects, above the column of causes */
    var level = to[1] + (from[1] - to[1]) * (box.kind === "effect" ? 0.14 : 0.5);
    var bend = upright
      ? [[from[0], level], [to[0], level]]
      : [[(from[0] + to[0]) / 2, from[1]], [(from[0] + to[0]) / 2, to[1]]];
    var way = "M" + from.map(round).join(" ") + "C" + bend.concat([to]).map(function (point) {
      return point.map(round).join(" ");
    }).join(" ");
    var turn = upright ? (to[1] < from[1] ? -90 : 90) : 0, small = box.kind === "root";
    return draw("g", { "data-kind": box.kind, "data-index": keyOf(box) }, [
      draw("path", { "class": "mm-halo", d: way }), draw("path", { "class": "mm-link mm-" + box.kind, d: way }),
      head(box.kind, to[0], to[1], turn, small ? 5 : 6.5),
    ]);
  }

  /* a branch under the pointer or the focus */

  function listen(host, svg, item, texts) {
    var nodes = Array.from(svg.querySelectorAll("[role=treeitem]"));
    if (nodes.length) nodes[0].setAttribute("tabindex", "0");
    nodes.forEach(function (node) {
      var kind = node.getAttribute("data-kind"), index = node.getAttribute("data-index");
      ["mouseenter", "focus"].forEach(function (name) { node.addEventListener(name, function () { tell(true); }); });
      ["mouseleave", "blur"].forEach(function (name) { node.addEventListener(name, function () { tell(false); }); });
      function tell(on) {
        light(svg, on ? family(kind, index, item, texts) : null);
        announce(host, kind, index, on);
      }
    });
    svg.addEventListener("keydown", function (event) { step(event, nodes); });
  }

  function announce(host, kind, index, on) {
    var place = index.indexOf(".") < 0 ? Number(index) : index.split(".").map(Number);
    host.dispatchEvent(new CustomEvent("mindmap:branch", { bubbles: true, detail: { kind: kind, index: place, on: on } }));
  }

  function step(event, nodes) {
    var here = nodes.indexOf(document.activeElement);
    var to = { ArrowDown: here + 1, ArrowRight: here + 1, ArrowUp: here - 1, ArrowLeft: here - 1, Home: 0, End: nodes.length - 1 };
    if (here < 0 || !(event.key in to)) return;
    event.preventDefault();
    var next = nodes[Math.max(0, Math.min(nodes.length - 1, to[event.key]))];
    nodes[here].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  /* The nodes that belong together with one: a cause with its roots and the solutions that address it, and back. */
  function family(kind, index, item, texts) {
    var solutions = texts.l[item.plan][5], cause = index.split(".")[0];
    function addresses(solution, number) { return solution[3].indexOf(Number(number) + 1) >= 0; }
    return function (otherKind, otherIndex) {
      var otherCause = otherIndex.split(".")[0];
      if (otherKind === kind && otherIndex === index || otherKind === "problem") return true;
      if (kind === "problem") return true;
      if (kind === "cause" || kind === "root") {
        if (otherKind === "cause") return otherCause === cause;
        if (otherKind === "root") return kind === "cause" && otherCause === cause;
        return otherKind === "solution" && addresses(solutions[Number(otherIndex)], cause);
      }
      if (kind === "solution") {
        return otherKind === "goal" || (otherKind === "cause" && addresses(solutions[Number(index)], otherCause));
      }
      return kind === "goal" && otherKind === "solution";
    };
  }

  function light(root, belongs) {
    root.classList.toggle("has-lit", Boolean(belongs));
    root.querySelectorAll("[data-kind]").forEach(function (node) {
      var lit = belongs && belongs(node.getAttribute("data-kind"), node.getAttribute("data-index"));
      node.classList.toggle("is-lit", Boolean(lit));
    });
  }

  function highlight(host, kind, index) {
    var wanted = index === undefined || index === null ? null : String(index);
    host.querySelectorAll(".mm-svg").forEach(function (svg) {
      light(svg, kind && function (otherKind, otherIndex) {
        return otherKind === "problem" || (otherKind === kind && (wanted === null || wanted === otherIndex));
      });
    });
  }

  /* rows of activities */

  function status(name, texts) {
    return make("span", "mm-status mm-is-" + name, [
      draw("svg", { width: 14, height: 14, "aria-hidden": "true" }, [icon(name, 0, 0)]), texts.w["status." + name],
    ]);
  }

  function activities(host, item, texts) {
    var plan = texts.l[item.plan], read = reader(item, texts);
    host.classList.add("mm-host", "mm-plan-host");
    host.classList.toggle("is-draft", Boolean(item.draft));
    host.append(aim(plan, read, texts), table(plan, read, texts), capital(plan, read, texts));
  }

  /* Names a node's place in the map, by which `find` finds it where it is written. */
  function placed(node, kind, index) {
    node.setAttribute("data-kind", kind);
    node.setAttribute("data-index", index);
    return node;
  }

  function find(host, kind, index) {
    return host.querySelector('[data-kind="' + kind + '"][data-index="' + index + '"]');
  }

  function aim(plan, read, texts) {
    return placed(make("div", "mm-aim", [written("b", "", texts.w["caption.goal"]), read.thai("span", "", plan[4])]), "goal", 0);
  }

  function capital(plan, read, texts) {
    if (!plan[6].length) return "";
    return make("div", "mm-capital", [written("b", "", texts.w["caption.asset"]), inline("asset", plan[6], read)]);
  }

  function inline(kind, slots, read) {
    return make("ul", "mm-inline", slots.map(function (slot, number) { return placed(read.thai("li", "", slot), kind, number); }));
  }

  var COLUMNS = [["activity", 26], ["lead", 17.5], ["indicator", 19], ["budget", 14.5], ["period", 11], ["status", 12]];

  function table(plan, read, texts) {
    var columns = COLUMNS.map(function (column) {
      var node = document.createElement("col");
      node.style.width = column[1] + "%";
      return node;
    });
    var heads = COLUMNS.map(function (column) {
      var cell = written("th", "", texts.w["column." + column[0]]);
      cell.setAttribute("scope", "col");
      return cell;
    });
    return make("table", "mm-plan", [
      written("caption", "", texts.w["caption.solution"]), make("colgroup", "", columns),
      make("thead", "", [make("tr", "", heads)]),
    ].concat(plan[5].map(function (solution, number) {
      return placed(solutionRows(solution, read, texts), "solution", number);
    })));
  }

  function solutionRows(solution, read, texts) {
    var cell = make("th", "", [make("div", "mm-way", [
      read.thai("b", "", solution[1]), read.thai("span", "mm-aimed", solution[0]), read.thai("span", "mm-tag", solution[2]),
    ])]);
    cell.setAttribute("scope", "rowgroup");
    cell.colSpan = COLUMNS.length;
    return make("tbody", "", [make("tr", "", [cell])].concat(solution[4].map(function (activity) {
      return activityRow(activity, read, texts);
    })));
  }

  function activityRow(activity, read, texts) {
    function open(word) { return written("span", "mm-open", texts.w[word]); }
    var indicators = activity[3].map(function (pair) {
      return make("div", "", [read.thai("span", "", pair[0]), read.thai("span", "mm-figures", pair[1])]);
    });
    var cells = [
      [read.thai("span", "", activity[0])],
      [activity[1] < 0 ? open("open_lead") : read.thai("b", "", activity[1]), read.thai("small", "", activity[2])],
      indicators,
      [activity[4] < 0 ? open("open_field") : read.thai("span", "mm-money", activity[4]), read.thai("small", "", activity[5])],
      [activity[6] < 0 ? open("open_field") : read.thai("span", "", activity[6])],
      [status(texts.st[activity[7]], texts)],
    ];
    return make("tr", "", cells.map(function (children, number) {
      var cell = make("td", "", [make("div", "", children)]);
      cell.setAttribute("data-label", texts.w["column." + COLUMNS[number][0]]);
      return cell;
    }));
  }

  /* the outline */

  function outline(host, item, texts, parts) {
    var plan = texts.l[item.plan], read = reader(item, texts), shown = parts || ["problem", "solution"];
    var out = make("div", "mm-out");
    host.classList.add("mm-host");
    host.classList.toggle("is-draft", Boolean(item.draft));
    append(out, [note(item, texts)]);
    if (shown.indexOf("problem") >= 0) append(out, problemParts(plan, read, texts, host));
    if (shown.indexOf("solution") >= 0) append(out, wayParts(plan, read, texts, host));
    host.append(out);
    return out;
  }

  function block(kind, title, count, body) {
    return make("section", "mm-block mm-" + kind, [make("h3", "mm-fold", [title, written("span", "", count)]), body]);
  }

  function problemParts(plan, read, texts, host) {
    var core = placed(make("div", "mm-core", [read.thai("b", "", plan[0]), read.thai("span", "", plan[1])]), "problem", 0);
    var causes = make("ol", "", plan[3].map(function (cause, number) {
      var roots = cause[1].map(function (slot, place) {
        return placed(make("li", "", [read.thai("span", "", slot)]), "root", number + "." + place);
      });
      return branchRow(host, "cause", number, [
        written("span", "mm-no", number + 1),
        make("div", "", [read.thai("span", "", cause[0]), roots.length ? make("ul", "mm-roots", roots) : ""]),
      ]);
    }));
    var title = texts.w["caption.cause"] + (plan[3].some(function (cause) { return cause[1].length; })
      ? " · " + texts.w["caption.root"] : "");
    return [
      plan[2].length ? block("effect", texts.w["caption.effect"], counted(texts.w.items, plan[2].length), inline("effect", plan[2], read)) : "",
      core,
      plan[3].length ? block("cause", title, counted(texts.w.items, plan[3].length), causes) : "",
    ];
  }

  function wayParts(plan, read, texts, host) {
    var rows = make("ul", "", plan[5].map(function (solution, number) {
      return branchRow(host, "solution", number, [make("div", "", [
        read.thai("b", "", solution[1]), read.thai("span", "mm-sub", solution[0]), read.thai("span", "mm-tag", solution[2]),
      ])]);
    }));
    return [
      plan[4] >= 0 ? aim(plan, read, texts) : "",
      plan[5].length ? block("solution", texts.w["caption.solution"], counted(texts.w.ways, plan[5].length), rows) : "",
      plan[6].length ? block("asset", texts.w["caption.asset"], counted(texts.w.items, plan[6].length), inline("asset", plan[6], read)) : "",
    ];
  }

  function branchRow(host, kind, number, children) {
    var row = placed(make("li", "mm-row", children), kind, number);
    row.tabIndex = 0;
    ["mouseenter", "focus"].forEach(function (name) { row.addEventListener(name, function () { announce(host, kind, String(number), true); }); });
    ["mouseleave", "blur"].forEach(function (name) { row.addEventListener(name, function () { announce(host, kind, String(number), false); }); });
    return row;
  }

  return {
    tree: tree, activities: activities, outline: outline, radial: radial, centre: centre, highlight: highlight, thai: thai,
    find: find,
  };
})();
