"use strict";
/* Shows the routes: draws them with vis-network, and fills the list and the panels. Text from the data goes
   into the page as text content only. */
(() => {
  const started = performance.now();
  const content = JSON.parse(document.getElementById("content").textContent);
  const { nodes, hops, conditions, actions, evidence, routes, ways, views, drawing, signs } = content;
  const by = (id) => document.getElementById(id);
  const LISTED = 200;
  const SIDES = [
    ["principal", "On the principal's side"],
    ["resource", "On the resource's side"],
    ["organization", "From the organization"],
    ["network", "From the network"],
  ];

  /* ---- small helpers ---- */

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  const named = (text) => make("bdi", "", text);
  const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

  function link(text, action) {
    const button = make("button", "link", named(text));
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  }

  function facts(pairs) {
    const list = make("dl", "");
    for (const [term, value] of pairs) {
      if (value !== null && value !== undefined && value !== "") {
        list.append(make("dt", "", term), make("dd", "", typeof value === "string" ? named(value) : value));
      }
    }
    return list;
  }

  function longList(items, shown) {
    const list = (some) => make("ul", "plain", ...some.map((item) => make("li", "", make("code", "", item))));
    if (items.length <= shown + 2) return list(items);
    const rest = make("details", "", make("summary", "", `and ${items.length - shown} more`), list(items.slice(shown)));
    return make("div", "", list(items.slice(0, shown)), rest);
  }

  /* ---- what belongs to what ---- */

  /* A hop that goes over an access point is drawn as two lines, with its dot between them. */
  const linesOfHop = (hop) => (hop.over ? [hop.line, hop.over.line] : [hop.line]);
  const placesOfHop = (hop) => (hop.over ? [hop.from, hop.over.node, hop.to] : [hop.from, hop.to]);
  const linesOf = (route) => route.hops.flatMap((hop) => linesOfHop(hops[hop]));
  const placesOf = (route) => [...new Set([...route.nodes, ...route.hops.flatMap((hop) => placesOfHop(hops[hop]))])];
  const dotsOf = (route) => placesOf(route).map((node) => nodes[node].dot);
  const drawnDots = new Map(drawing.nodes.filter((each) => each.group !== "bend").map((each) => [each.id, each]));
  const members = new Map();
  nodes.forEach((node, place) => {
    if (!members.has(node.dot)) members.set(node.dot, []);
    members.get(node.dot).push(place);
  });
  const pieces = new Map();
  for (const edge of drawing.edges) {
    if (!pieces.has(edge.line)) pieces.set(edge.line, []);
    pieces.get(edge.line).push(edge);
  }
  const hopsOf = new Map();
  hops.forEach((hop, place) => {
    for (const line of linesOfHop(hop)) {
      if (!hopsOf.has(line)) hopsOf.set(line, []);
      hopsOf.get(line).push(place);
    }
  });
  const bendsOf = new Map();
  for (const [line, edges] of pieces) bendsOf.set(line, edges.slice(1).map((edge) => edge.from));
  const lineOfBend = new Map();
  for (const [line, bends] of bendsOf) for (const bend of bends) lineOfBend.set(bend, line);

  const routeConditional = (route) => route.hops.some((hop) => hops[hop].conditional);
  const routeUnsure = (route) => route.gaps.length > 0 || route.hops.some((hop) => hops[hop].unsure);
  const sentenceOf = (hop) => conditions[hop.when];
  function whenOf(route) {
    const open = route.hops.map((hop) => hops[hop]).filter((hop) => hop.conditional);
    if (route.blocked) return `never: ${route.blocked}`;
    if (!open.length) return "always";
    return open.length === 1 ? sentenceOf(open[0]) : `under ${open.length} conditions`;
  }
  const openOnes = routes.filter((route) => !route.blocked);
  const closedOnes = routes.length - openOnes.length;
  const accountsOf = (route) => (route.unowned ? "owner not known" : route.cross ? "cross-account" : "the same account");
  /* A condition that is not known brings its own `perhaps`, a negation its `unless`. */
  const after = (words) => (/^(perhaps|unless) /.test(words) ? "" : "when ");
  const haystacks = routes.map((route) =>
    [
      route.id,
      route.design,
      ...placesOf(route).flatMap((node) => [nodes[node].id, nodes[node].label, nodes[node].account || "", nodes[node].words]),
      route.blocked || "",
      ...route.hops.flatMap((hop) => [hops[hop].words, sentenceOf(hops[hop]), ...actions[hops[hop].actions]]),
    ].join("\n").toLowerCase()
  );

  /* ---- what is shown now ---- */

  let matching = routes.map((_, place) => place);
  let first = 0;
  let chosen = null; // {route}, {dot} or {line}
  let lit = null; // {dots, lines}: Sets; null where nothing is picked out
  let visibleParts = null; // {dots, lines} where a filter is on

  /* ---- the drawing ---- */

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let colour = {};
  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    colour = {};
    for (const name of ["page", "panel", "ink", "soft", "lane", "lane-other", "lane-rule", "edge", "lit", "escalation", "lock", "pill", "outside"]) {
      colour[name] = of(name);
    }
    const onDark = ["user", "root", "role", "anonymous", "external", "changed", "administrator", "identity-center-user", "identity-center-group"];
    const as = {
      root: "user", changed: "user", administrator: "user", "identity-center-user": "user", "identity-center-group": "user",
      service: "instance", function: "instance", "task-definition": "instance", "service-account": "instance",
      "oidc-provider": "access-key", "saml-provider": "access-key", "console-login": "access-key", "trust-anchor": "access-key",
    };
    colour.kinds = {};
    for (const kind of Object.keys(signs)) {
      colour.kinds[kind] = { fill: of(as[kind] || kind), sign: of(onDark.includes(kind) ? "sign-on-dark" : "sign-on-light") };
    }
  }
  readColours();
  const shapes = Object.fromEntries(
    Object.entries(signs).map(([kind, paths]) => [kind, { outline: new Path2D(paths.outline), sign: new Path2D(paths.sign) }])
  );
  const lock = { body: new Path2D("M-6 -1h12v9h-12z"), bow: new Path2D("M-3.5 -1v-3a3.5 3.5 0 0 1 7 0v3") };
  const FACE = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';
  const faded = (dot) => lit !== null && !lit.dots.has(dot);
  let scale = 1;
  /* What is lit keeps its size on the screen when the drawing is small; the rest grows as far as it has room. */
  const litSize = () => Math.max(1, Math.min(0.8 / scale, chosen && chosen.route !== undefined ? 20 : Math.max(roomySize(), 1.3)));
  const roomySize = () => Math.max(1, Math.min(0.75 / scale, wordsBeside() ? 2.1 : scale > 0.5 ? 1.2 : 1.5));
  const wordsBeside = () => drawing.pitch > 700 && scale < 0.5;

  function drawDot({ ctx, id, x, y, state }) {
    const dot = drawnDots.get(id);
    const nodeDimensions = { width: 50, height: 50 };
    if (!dot) return { drawNode() {}, nodeDimensions: { width: 2, height: 2 } };
    return {
      drawNode() {
        const { fill, sign } = colour.kinds[dot.group];
        const picked = lit !== null && lit.dots.has(id);
        const size = picked ? litSize() : roomySize();
        const iconSize = picked ? size : Math.min(size, 1.7);
        ctx.globalAlpha = faded(id) ? 0.16 : 1;
        ctx.translate(x, y);
        ctx.save();
        ctx.scale(iconSize, iconSize);
        ctx.translate(-24, -24);
        const { outline } = shapes[dot.group];
        if (dot.many > 1) {
          ctx.save();
          ctx.translate(6, -6);
          paint(ctx, outline, fill);
          ctx.restore();
        }
        if ((chosen && chosen.dot === id) || state.hover) {
          ctx.strokeStyle = chosen && chosen.dot === id ? colour.lit : colour.soft;
          ctx.lineWidth = chosen && chosen.dot === id ? 12 : 6;
          ctx.stroke(outline);
        }
        paint(ctx, outline, fill);
        if (picked || scale > 0.2) {
          ctx.fillStyle = sign;
          ctx.fill(shapes[dot.group].sign, "evenodd");
        }
        if (dot.outside) {
          ctx.beginPath();
          ctx.arc(24, 24, 31, 0, 2 * Math.PI);
          ctx.strokeStyle = colour.outside;
          ctx.lineWidth = 4;
          ctx.stroke();
        }
        ctx.restore();
        const edge = (dot.outside ? 35 : 28) * iconSize;
        if (!picked && wordsBeside()) {
          if (scale * size > 0.35) drawWordsBeside(ctx, dot, size, edge);
        } else if (picked || scale * size > 0.42) {
          drawWords(ctx, dot, size, edge, picked);
        }
      },
      nodeDimensions,
    };
  }

  function paint(ctx, outline, fill) {
    ctx.fillStyle = fill;
    ctx.fill(outline);
    ctx.strokeStyle = colour.ink;
    ctx.lineWidth = 1.5;
    ctx.stroke(outline);
  }

  const measured = new Map();
  function widthOf(ctx, text) {
    const key = ctx.font + text;
    if (!measured.has(key)) measured.set(key, ctx.measureText(text).width);
    return measured.get(key);
  }

  function drawWords(ctx, dot, size, top, picked) {
    ctx.translate(0, top);
    ctx.scale(size, size);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.direction = "ltr";
    ctx.font = `600 20px ${FACE}`;
    const wide = widthOf(ctx, dot.label);
    const both = picked || scale > 0.5;
    const alpha = ctx.globalAlpha;
    ctx.globalAlpha = alpha * 0.85;
    ctx.fillStyle = colour.lane;
    ctx.fillRect(-wide / 2 - 4, 0, wide + 8, 24);
    if (picked) ctx.fillRect(-wide / 2 - 4, 24, wide + 8, 18);
    ctx.globalAlpha = alpha;
    ctx.fillStyle = colour.ink;
    ctx.fillText(dot.label, 0, 12);
    if (both) {
      ctx.font = `15px ${FACE}`;
      ctx.fillStyle = colour.soft;
      ctx.fillText(dot.below, 0, 33);
    }
  }

  function drawWordsBeside(ctx, dot, size, edge) {
    ctx.translate(edge, 0);
    ctx.scale(size, size);
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.direction = "ltr";
    ctx.font = `600 20px ${FACE}`;
    ctx.fillStyle = colour.lane;
    ctx.fillRect(0, -14, widthOf(ctx, dot.label) + 10, 28);
    ctx.fillStyle = colour.ink;
    ctx.fillText(dot.label, 5, 0);
  }

  function drawLanes(ctx) {
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    scale = network.getScale();
    const size = Math.min(Math.max(21, 14 / scale), 42);
    drawing.lanes.forEach((lane, number) => {
      ctx.fillStyle = number % 2 ? colour["lane-other"] : colour.lane;
      ctx.strokeStyle = colour["lane-rule"];
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      ctx.roundRect(drawing.left, lane.top, drawing.right - drawing.left, lane.height, 14);
      ctx.fill();
      ctx.stroke();
    });
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.direction = "ltr";
    ctx.font = `700 ${size}px ${FACE}`;
    ctx.fillStyle = colour.soft;
    for (const lane of drawing.lanes) {
      const x = Math.max(drawing.left + 16, Math.min(corner.x + 12 / scale, drawing.right - 300));
      ctx.fillText(lane.title, x, lane.top + 10, drawing.right - x - 8);
    }
  }

  /* Words and locks on the lines. Words on all lines of a small drawing, otherwise on the lit ones only. */
  function drawMarks(ctx) {
    const wordy = pieces.size <= 60;
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.direction = "ltr";
    for (const [line, edges] of pieces) {
      if (visibleParts && !visibleParts.lines.has(line)) continue;
      const isLit = lit !== null && lit.lines.has(line);
      if (lit !== null && !isLit) continue;
      if (!isLit && scale < 0.3) continue;
      const hop = hops[hopsOf.get(line)[0]];
      const size = isLit ? litSize() : Math.min(roomySize(), 1.5);
      if (isLit) drawHead(ctx, edges[edges.length - 1], size, hop.extra.escalation !== undefined);
      const words = isLit || (wordy && scale > 0.45) ? wordsOn(line) : "";
      if (words || hop.conditional || hop.unsure || hop.blocked) {
        ctx.save();
        const at = middleOf(edges[0]);
        ctx.translate(at.x, at.y);
        ctx.scale(size, size);
        drawPill(ctx, words, hop, isLit);
        ctx.restore();
      }
    }
  }

  function drawPill(ctx, words, hop, isLit) {
    ctx.font = `15px ${FACE}`;
    const signsWide = (hop.conditional ? 18 : 0) + (hop.unsure ? 12 : 0) + (hop.blocked ? 16 : 0);
    const wordsWide = words ? widthOf(ctx, words) : 0;
    const wide = wordsWide + signsWide + (words && signsWide ? 4 : 0) + 14;
    ctx.fillStyle = colour.pill;
    ctx.strokeStyle = isLit ? colour.lit : colour["lane-rule"];
    ctx.lineWidth = isLit ? 2 : 1;
    ctx.beginPath();
    ctx.roundRect(-wide / 2, -13, wide, 26, 13);
    ctx.fill();
    ctx.stroke();
    let x = 7 - wide / 2;
    if (hop.conditional) {
      ctx.save();
      ctx.translate(x + 8, -1);
      ctx.fillStyle = ctx.strokeStyle = colour.lock;
      ctx.lineWidth = 2;
      ctx.fill(lock.body);
      ctx.stroke(lock.bow);
      ctx.restore();
      x += 18;
    }
    ctx.fillStyle = colour.ink;
    if (hop.blocked) {
      ctx.strokeStyle = colour.ink;
      ctx.lineWidth = 2.5;
      ctx.beginPath();
      ctx.moveTo(x + 1, -5);
      ctx.lineTo(x + 11, 5);
      ctx.moveTo(x + 11, -5);
      ctx.lineTo(x + 1, 5);
      ctx.stroke();
      x += 16;
    }
    if (hop.unsure) {
      ctx.font = `700 17px ${FACE}`;
      ctx.fillText("?", x + 5, 0.5);
      ctx.font = `15px ${FACE}`;
      x += 12;
    }
    if (words) ctx.fillText(words, wide / 2 - 7 - wordsWide / 2, 0.5);
  }

  /* The library's own arrow head would be under the target where that is drawn larger than it is. */
  function drawHead(ctx, edge, size, escalation) {
    const target = ends.get(edge.to);
    const point = pointsOf(edge);
    let tip = point(1);
    let t = 1;
    while (t > 0.5 && Math.hypot(tip.x - target.x, tip.y - target.y) < 27 * size) tip = point((t -= 0.005));
    const back = point(t - 0.01);
    ctx.save();
    ctx.translate(tip.x, tip.y);
    ctx.rotate(Math.atan2(tip.y - back.y, tip.x - back.x));
    ctx.scale(size, size);
    ctx.fillStyle = escalation ? colour.escalation : colour.lit;
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.lineTo(-18, -8);
    ctx.lineTo(-18, 8);
    ctx.fill();
    ctx.restore();
  }

  function wordsOn(line) {
    const words = [...new Set(hopsOf.get(line).map((hop) => hops[hop].extra.escalation || hops[hop].words))];
    const text = words.length > 1 ? `${words[0]} +${words.length - 1}` : words[0];
    return text.length > 30 ? `${text.slice(0, 29)}…` : text;
  }

  const ends = new Map(drawing.nodes.map((node) => [node.id, node]));
  /* A point on the curve as vis-network draws it, or on the straight line where it does not tell. */
  function pointsOf(edge) {
    const type = network.body && network.body.edges[edge.id] && network.body.edges[edge.id].edgeType;
    if (type && type.getPoint) return (t) => type.getPoint(t);
    const [from, to] = [ends.get(edge.from), ends.get(edge.to)];
    return (t) => ({ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t });
  }
  const middleOf = (edge) => pointsOf(edge)(0.5);

  function lookOf(line) {
    const escalation = hops[hopsOf.get(line)[0]].extra.escalation !== undefined;
    const base = escalation ? colour.escalation : colour.edge;
    const hidden = visibleParts !== null && !visibleParts.lines.has(line);
    if (lit === null) return { base, opacity: pieces.size > 800 ? 0.35 : pieces.size > 150 ? 0.55 : 0.85, width: 2, hidden };
    if (lit.lines.has(line)) return { base: escalation ? base : colour.lit, opacity: 1, width: litWidth, hidden, picked: true };
    return { base, opacity: pieces.size > 150 ? 0.06 : 0.14, width: 2, hidden };
  }

  let litWidth = 5;
  const looks = new Map();
  function edgeUpdates() {
    const updates = [];
    for (const [line, edges] of pieces) {
      const { base, opacity, width, hidden, picked } = lookOf(line);
      const look = `${base} ${opacity} ${width} ${hidden}`;
      if (looks.get(line) === look) continue;
      looks.set(line, look);
      edges.forEach((edge, place) => {
        const color = { color: base, highlight: base, hover: base, opacity };
        const arrows = { to: { enabled: !picked && place === edges.length - 1 } };
        updates.push({ id: edge.id, color, width, hidden, arrows });
      });
    }
    return updates;
  }

  const firstLooks = new Map(edgeUpdates().map((update) => [update.id, update]));
  const dotSet = new vis.DataSet(drawing.nodes.map(({ below, outside, many, ...node }) => node));
  const edgeSet = new vis.DataSet(drawing.edges.map(({ line, ...edge }) => ({ ...edge, ...firstLooks.get(edge.id) })));
  const options = structuredClone(drawing.options);
  options.nodes.ctxRenderer = drawDot;
  const network = new vis.Network(by("graph"), { nodes: dotSet, edges: edgeSet }, options);
  network.on("beforeDrawing", drawLanes);
  network.on("zoom", widen);
  network.on("animationFinished", widen);
  network.on("afterDrawing", drawMarks);
  dark.addEventListener("change", () => {
    readColours();
    restyle();
  });

  /* A lit line stays as thick on the screen, in steps, when the drawing is made small. */
  function widen() {
    scale = network.getScale();
    const width = 5 * 2 ** Math.round(Math.log2(litSize()));
    if (width === litWidth) return;
    litWidth = width;
    if (lit !== null) restyle();
  }

  function restyle() {
    const edges = edgeUpdates();
    if (edges.length) edgeSet.update(edges);
    network.redraw();
  }

  function hideOthers() {
    const updates = [];
    for (const node of drawing.nodes) {
      const line = lineOfBend.get(node.id);
      const hidden = visibleParts !== null && !(line ? visibleParts.lines.has(line) : visibleParts.dots.has(node.id));
      if (dotSet.get(node.id).hidden === hidden || (!hidden && !dotSet.get(node.id).hidden)) continue;
      updates.push({ id: node.id, hidden });
    }
    if (updates.length) dotSet.update(updates);
  }

  function boxOf(dots, lines) {
    const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    const bends = [...lines].flatMap((line) => bendsOf.get(line));
    for (const id of [...dots, ...bends]) {
      const { x, y } = ends.get(id);
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    return box;
  }

  function wholeBox() {
    if (visibleParts) return boxOf(visibleParts.dots, visibleParts.lines);
    const last = drawing.lanes[drawing.lanes.length - 1];
    return { left: drawing.left, right: drawing.right, top: drawing.lanes[0].top, bottom: last.top + last.height };
  }

  const AROUND = { x: 110, y: 70 };
  function scaleFor(box, around) {
    const graph = by("graph");
    const wide = Math.max(graph.clientWidth - 2 * around.x, 100) / Math.max(box.right - box.left, 1);
    const high = Math.max(graph.clientHeight - 2 * around.y, 100) / Math.max(box.bottom - box.top, 1);
    return Math.min(wide, high);
  }

  /* Around a box of nodes stays room on the screen for their icons and words. */
  function frame(box, most, moving, around = visibleParts || lit ? AROUND : { x: 12, y: 12 }) {
    if (box.left > box.right) return;
    network.moveTo({
      position: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 },
      scale: Math.min(scaleFor(box, around), most),
      animation: moving && !still.matches ? { duration: 250, easingFunction: "easeInOutQuad" } : false,
    });
    widen();
  }

  /* Leaves the view alone where the route is in it and large enough to read. */
  function frameLit(moving = true) {
    const box = boxOf(lit.dots, lit.lines);
    const graph = by("graph");
    const from = network.canvasToDOM({ x: box.left, y: box.top });
    const to = network.canvasToDOM({ x: box.right, y: box.bottom });
    const inside = from.x >= 60 && from.y >= 30 && to.x <= graph.clientWidth - 60 && to.y <= graph.clientHeight - 50;
    if (inside && network.getScale() >= Math.min(0.55, 0.7 * scaleFor(box, AROUND))) return;
    frame(box, 1.25, moving);
  }

  /* ---- the evidence panel ---- */

  function say(text) {
    by("status").textContent = text;
  }

  function fill(panel, ...children) {
    panel.replaceChildren(...children.filter((child) => child !== null));
    panel.scrollTop = 0;
  }

  function nodeLink(place) {
    return link(nodes[place].label, () => choose({ dot: nodes[place].dot }));
  }

  function conditionText(hop) {
    const text = hop.conditional ? make("p", "when conditional", make("strong", "", "When: "), named(sentenceOf(hop))) : make("p", "when", hop.blocked ? "The bucket asks for no condition." : "Always open: no condition.");
    return text;
  }

  function evidenceOf(hop) {
    const parts = [];
    const all = hop.evidence.map((place, index) => ({ ...evidence[place], says: hop.says[index] }));
    const known = new Set(SIDES.map(([side]) => side));
    const sides = [...SIDES, ...[...new Set(all.map((each) => each.side))].filter((side) => !known.has(side)).map((side) => [side, side])];
    for (const [side, heading] of sides) {
      const some = all.filter((each) => each.side === side);
      if (!some.length) continue;
      const list = make("ul", "plain evidence");
      for (const each of some) {
        const item = make("li", "");
        if (each.effect) item.append(make("span", "effect", each.effect), " in ");
        item.append(named(each.source), " ", make("code", "", each.policy));
        if (each.statement) item.append(", statement ", make("code", "", each.statement));
        if (each.attached && each.attached !== each.policy) item.append(make("small", "", " on ", named(each.attached)));
        if (each.says.length) item.append(make("small", "says", " → ", named(each.says.join("; "))));
        list.append(item);
      }
      parts.push(make("h3", "", heading), list);
    }
    return parts;
  }

  function witnessOf(hop) {
    if (!hop.witness) return [];
    const { principal, action, resource, account, context } = hop.witness;
    const pairs = [["Principal", principal], ["Action", action], ["Resource", resource], ["Owner", account]];
    for (const [key, value] of Object.entries(context)) pairs.push([key, Array.isArray(value) ? value.join(", ") : value]);
    const list = facts(pairs);
    list.classList.add("witness");
    const further = hop.also.length ? [make("p", "", "The same call needs ", named(hop.also.join(" and ")), " too: allowed.")] : [];
    return [make("h3", "", hop.blocked ? "A request that the bucket allows, and the key does not" : "A request that is allowed"), list, ...further];
  }

  function hopParts(place) {
    const hop = hops[place];
    const parts = [
      make("p", "", nodeLink(hop.from), " → ", nodeLink(hop.to)),
      make("p", "kind", named(hop.words), hop.words === hop.kind ? null : make("small", "", ` (${hop.kind})`)),
      hop.blocked ? make("p", "warning blocked", make("strong", "", "Blocked: "), named(hop.blocked)) : null,
      conditionText(hop),
    ];
    for (const [key, value] of Object.entries(hop.extra)) parts.push(make("p", "", make("strong", "", `${key}: `), named(value)));
    if (actions[hop.actions].length) parts.push(make("h3", "", counted(actions[hop.actions].length, "action")), longList(actions[hop.actions], 8));
    if (hop.resources.length) parts.push(make("h3", "", "On"), longList(hop.resources, 8));
    if (hop.except.length) parts.push(make("h3", "", "Except"), longList(hop.except, 8));
    parts.push(...evidenceOf(hop), ...witnessOf(hop));
    if (hop.notes.length) {
      parts.push(make("h3", "", "To know"), make("ul", "plain", ...hop.notes.map((note) => make("li", "", named(note)))));
    }
    if (hop.gaps.length) {
      parts.push(make("h3", "", "Not known about this hop"), make("ul", "plain warning", ...hop.gaps.map((gap) => make("li", "", named(gap)))));
    }
    return parts;
  }

  function showWelcome() {
    const unowned = openOnes.filter((route) => route.unowned).length;
    fill(
      by("evidence"),
      make("h2", "", "How to read this"),
      make("p", "", "Read from left to right: each line is a hop that can be taken, and ends at a bucket. Each band is an account."),
      make("p", "", "Choose a route in the list, or step with the arrow keys. Click a shape or a line for what decided it. Escape shows all again."),
      facts([
        ["Routes", openOnes.length.toLocaleString("en")],
        ["Cross-account", openOnes.filter((route) => route.cross && !route.unowned).length.toLocaleString("en")],
        ["Owner not known", unowned ? `${unowned.toLocaleString("en")}: the bucket may be of any account` : null],
        ["Always open", openOnes.filter((route) => !routeConditional(route)).length.toLocaleString("en")],
        ["Partly unknown", openOnes.filter(routeUnsure).length.toLocaleString("en")],
        ["Blocked by a key", closedOnes ? closedOnes.toLocaleString("en") : null],
        ["Drawn", `${counted(drawnDots.size, "node")} and ${counted(pieces.size, "line")}`],
        ["Standing for", drawnDots.size < nodes.length ? `${counted(nodes.length, "node")}: those alike in every hop are one` : null],
      ])
    );
  }

  function showRoute(place) {
    const route = routes[place];
    const steps = make("ol", "steps", ...route.hops.map((hop) => make("li", "", ...hopParts(hop))));
    const way = route.nodes.map((node) => nodes[node].label).join(" → ");
    fill(
      by("evidence"),
      make("h2", "", named(way)),
      make("p", "kind", route.blocked ? `No route: blocked, ${place + 1 - openOnes.length} of ${closedOnes}; otherwise by ${route.design}` : `Route ${place + 1} of ${openOnes.length}, by ${route.design}`),
      facts([
        ["When", whenOf(route)],
        ["Acts at the bucket", route.acting],
        ["SCPs of", route.scp || "no account: none apply"],
        ["RCPs of", route.rcp || "no account: none apply"],
        ["Accounts", accountsOf(route)],
        ["Actions", route.groups.join(", ")],
      ]),
      route.from.length ? make("h3", "", "From where") : null,
      route.from.length ? make("ul", "plain", ...route.from.map(([way, view]) => make("li", "", named(`${ways[way]}: ${views[view]}`)))) : null,
      route.gaps.length ? make("ul", "plain warning", ...route.gaps.map((gap) => make("li", "", named(gap)))) : null,
      steps
    );
    say(`${route.blocked ? "Blocked" : `Route ${place + 1}`}: ${way}. ${whenOf(route)}`);
  }

  function routesThrough(test) {
    const through = matching.filter((place) => test(routes[place]));
    const list = make("ol", "plain", ...through.slice(0, 20).map((place) =>
      make("li", "", link(routes[place].nodes.map((node) => nodes[node].label).join(" → "), () => choose({ route: place })))
    ));
    return [
      make("h3", "", counted(through.length, "route") + " through here"),
      list,
      through.length > 20 ? make("p", "kind", `and ${through.length - 20} more: search for a name to see them`) : null,
    ];
  }

  function showDot(id) {
    const all = members.get(id);
    const node = nodes[all[0]];
    const dot = drawnDots.get(id);
    const parts = [];
    if (all.length === 1) {
      parts.push(make("h2", "", named(node.label)), make("p", "kind", node.words), facts([["Id", node.id], ["Account", node.account], ["Place", node.outside ? "outside the organization" : null]]));
    } else {
      parts.push(
        make("h2", "", dot.label),
        make("p", "kind", "Drawn as one: they have the same hops, under the same conditions."),
        facts([["Account", node.account], ["Place", node.outside ? "outside the organization" : null]]),
        make("details", "", make("summary", "", `All ${all.length}`), make("ul", "plain members", ...all.map((place) => make("li", "", named(nodes[place].label), " ", make("small", "", named(nodes[place].id))))))
      );
    }
    const side = (heading, own, other) => {
      const seen = new Map();
      for (const hop of hops) if (nodes[hop[own]].dot === id && !seen.has(hop.line)) seen.set(hop.line, hop);
      if (!seen.size) return [];
      const items = [...seen.values()].slice(0, 30).map((hop) =>
        make("li", "", link(`${drawnDots.get(nodes[hop[other]].dot).label}`, () => choose({ line: hop.line })), make("small", "", ` ${hop.words}${hop.conditional ? ", under a condition" : ""}${hop.blocked ? ", blocked" : ""}`))
      );
      const rest = seen.size - items.length;
      return [make("h3", "", heading), make("ul", "plain", ...items), rest > 0 ? make("p", "kind", `and ${rest} more`) : null];
    };
    const inside = new Set(all);
    fill(
      by("evidence"),
      ...parts,
      ...side("Goes on to", "from", "to"),
      ...side("Reached from", "to", "from"),
      ...routesThrough((route) => placesOf(route).some((place) => inside.has(place)))
    );
    say(`${dot.label}, ${node.words}`);
  }

  function showLine(line) {
    const all = hopsOf.get(line);
    const hop = hops[all[0]];
    const [from, to] = [drawnDots.get(nodes[hop.from].dot), drawnDots.get(nodes[hop.to].dot)];
    const steps = make("ol", "steps", ...all.slice(0, 3).map((place) => make("li", "", ...hopParts(place))));
    const inside = new Set(all);
    const rest = all.slice(3);
    fill(
      by("evidence"),
      make("h2", "", named(`${from.label} → ${to.label}`)),
      make("p", "kind", all.length === 1 ? "One hop" : `${all.length} hops drawn as one line`),
      steps,
      rest.length ? unfolding(rest) : null,
      ...routesThrough((route) => route.hops.some((place) => inside.has(place)))
    );
    say(`${from.label} to ${to.label}, ${hop.words}`);
  }

  function unfolding(places) {
    const details = make("details", "", make("summary", "", `and ${places.length} more`));
    details.addEventListener("toggle", () => details.append(make("ol", "steps", ...places.map((place) => make("li", "", ...hopParts(place))))), { once: true });
    return details;
  }

  /* ---- choosing ---- */

  function around(test) {
    const dots = new Set();
    const lines = new Set();
    for (const hop of hops) {
      if (!test(hop)) continue;
      for (const line of linesOfHop(hop)) lines.add(line);
      for (const place of placesOfHop(hop)) dots.add(nodes[place].dot);
    }
    return { dots, lines };
  }

  function choose(what, quietly) {
    chosen = what;
    openTab("evidence");
    if (what === null) {
      lit = null;
      showWelcome();
    } else if (what.route !== undefined) {
      lit = { dots: new Set(dotsOf(routes[what.route])), lines: new Set(linesOf(routes[what.route])) };
      showRoute(what.route);
    } else if (what.dot !== undefined) {
      lit = around((hop) => placesOfHop(hop).some((place) => nodes[place].dot === what.dot));
      lit.dots.add(what.dot);
      showDot(what.dot);
    } else {
      lit = around((hop) => linesOfHop(hop).includes(what.line));
      showLine(what.line);
    }
    network.unselectAll();
    restyle();
    markChosen(true);
    if (lit !== null && (quietly || what.route !== undefined)) frameLit();
    if (!quietly) writeHash();
  }

  function step(way) {
    if (!matching.length) return;
    const at = chosen && chosen.route !== undefined ? matching.indexOf(chosen.route) : -1;
    const next = at < 0 ? (way > 0 ? 0 : matching.length - 1) : (at + way + matching.length) % matching.length;
    choose({ route: matching[next] });
  }

  /* ---- the list of routes, and its filters ---- */

  function list() {
    const items = matching.slice(first, first + LISTED).map((place) => {
      const route = routes[place];
      const item = make(
        "li",
        "",
        make("span", "number", route.blocked ? "✕ " : `${place + 1} `),
        make("span", "way", named(route.nodes.map((node) => nodes[node].label).join(" → "))),
        make("span", "about", `${route.design} · ${route.groups.join(", ") || "no action"}${route.cross ? ` · ${accountsOf(route)}` : ""}`),
        route.blocked
          ? make("span", "about", named(route.blocked))
          : make("span", "about", routeUnsure(route) ? "partly unknown · " : "", routeConditional(route) ? after(whenOf(route)) : "", named(whenOf(route)))
      );
      item.id = `route-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.place = place;
      return item;
    });
    if (!items.length) {
      const none = make("li", "none", "No route matches. Clear the search or a filter.");
      none.setAttribute("role", "presentation");
      items.push(none);
    }
    by("routes").replaceChildren(...items);
    const left = matching.length - first - LISTED;
    by("more").hidden = left <= 0;
    by("more").textContent = `Show the next of ${left.toLocaleString("en")} more`;
    by("earlier").hidden = first === 0;
    by("earlier").textContent = `Show ${first.toLocaleString("en")} before`;
    const some = matching.filter((place) => !routes[place].blocked).length;
    const strong = make("strong", "", some.toLocaleString("en"));
    const closed = matching.length - some;
    const besides = closed ? `, ${closed.toLocaleString("en")} blocked` : "";
    by("count").replaceChildren(strong, matching.length < routes.length ? ` of ${counted(openOnes.length, "route")}` : openOnes.length === 1 ? " route" : " routes", besides);
    markChosen(false);
  }

  /* Marks the chosen route in the list; `turning`: turns the list to it where it is not in the part shown. */
  function markChosen(turning) {
    for (const item of by("routes").querySelectorAll('[aria-selected="true"]')) item.setAttribute("aria-selected", "false");
    by("routes").removeAttribute("aria-activedescendant");
    if (!chosen || chosen.route === undefined) return;
    const at = matching.indexOf(chosen.route);
    if (turning && (at < first || at >= first + LISTED)) {
      first = Math.max(0, at - LISTED / 2);
      list();
      return;
    }
    const item = by(`route-${chosen.route}`);
    if (!item) return;
    item.setAttribute("aria-selected", "true");
    by("routes").setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  const FILTERS = ["search", "account", "bucket", "group", "design", "open", "cross"];
  const valueOf = (id) => (by(id).type === "checkbox" ? (by(id).checked ? "1" : "") : by(id).value);

  /* `always`, `conditional`, `about ` and what kind of condition; `blocked`, or `open` for all but those. */
  function isAsWanted(route, wanted) {
    if (!wanted || wanted === "blocked") return !wanted || Boolean(route.blocked);
    if (route.blocked) return false;
    if (wanted.startsWith("about ")) return route.kinds.includes(wanted.slice(6));
    return wanted === "open" || routeConditional(route) === (wanted === "conditional");
  }

  function passes(route, place, wanted, words) {
    return (
      words.every((word) => haystacks[place].includes(word)) &&
      (!wanted.account || route.nodes.some((node) => nodes[node].account === wanted.account)) &&
      (!wanted.bucket || nodes[route.nodes[route.nodes.length - 1]].label === wanted.bucket) &&
      (!wanted.group || route.groups.includes(wanted.group)) &&
      (!wanted.design || route.design === wanted.design) &&
      isAsWanted(route, wanted.open) &&
      (!wanted.cross || route.cross)
    );
  }

  function filter(quietly) {
    const wanted = Object.fromEntries(FILTERS.map((id) => [id, valueOf(id)]));
    const words = wanted.search.toLowerCase().split(/\s+/).filter(Boolean);
    matching = [];
    routes.forEach((route, place) => {
      if (passes(route, place, wanted, words)) matching.push(place);
    });
    if (matching.length === routes.length) {
      visibleParts = null;
    } else {
      visibleParts = { dots: new Set(), lines: new Set() };
      for (const place of matching) {
        for (const dot of dotsOf(routes[place])) visibleParts.dots.add(dot);
        for (const line of linesOf(routes[place])) visibleParts.lines.add(line);
      }
    }
    first = 0;
    hideOthers();
    if (chosen !== null && (chosen.route === undefined || !matching.includes(chosen.route))) choose(null, true);
    else restyle();
    list();
    markChosen(true);
    if (chosen === null) frame(wholeBox(), 1.6, false);
    say(`${counted(matching.length, "route")} shown`);
    if (!quietly) writeHash();
  }

  /* ---- the address: the same view again ---- */

  let written = null;
  function writeHash() {
    const parts = new URLSearchParams();
    if (chosen && chosen.route !== undefined) parts.set("route", routes[chosen.route].id);
    if (chosen && chosen.dot !== undefined) parts.set("node", nodes[members.get(chosen.dot)[0]].id);
    for (const id of FILTERS) if (valueOf(id)) parts.set(id, valueOf(id));
    written = `#${parts}`;
    try {
      history.replaceState(null, "", written === "#" ? "#all" : written);
    } catch {
      location.hash = written;
    }
  }

  function readHash() {
    if (location.hash === written) return;
    if (location.hash === "#table") return;
    const parts = new URLSearchParams(location.hash.slice(1));
    for (const id of FILTERS) {
      if (by(id).type === "checkbox") by(id).checked = parts.has(id);
      else by(id).value = parts.get(id) || "";
      if (by(id).tagName === "SELECT" && by(id).selectedIndex < 0) by(id).value = "";
    }
    filter(true);
    const wanted = parts.get("route");
    const place = wanted === null ? -1 : routes.findIndex((route) => route.id === wanted);
    const node = parts.get("node") === null ? -1 : nodes.findIndex((each) => each.id === parts.get("node"));
    if (place >= 0) choose({ route: place }, true);
    else if (node >= 0) choose({ dot: nodes[node].dot }, true);
    else choose(null, true);
    if (wanted !== null && place < 0) {
      by("evidence").prepend(make("p", "warning", "The route of this link is not in this page: ", named(wanted)));
    }
    if (chosen !== null) window.scrollTo(0, 0);
  }

  /* ---- hands on ---- */

  function openTab(name) {
    for (const each of ["evidence", "gaps"]) {
      const open = each === name;
      by(each).hidden = !open;
      by(`tab-${each}`).setAttribute("aria-selected", String(open));
      by(`tab-${each}`).tabIndex = open ? 0 : -1;
    }
  }
  for (const [name, other] of [["evidence", "gaps"], ["gaps", "evidence"]]) {
    by(`tab-${name}`).addEventListener("click", () => openTab(name));
    by(`tab-${name}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.stopPropagation();
      openTab(other);
      by(`tab-${other}`).focus();
    });
  }

  function lineAt(pointer) {
    const edge = network.getEdgeAt(pointer);
    return edge === undefined ? null : String(edge).split("/")[0];
  }

  function dotAt(pointer) {
    const at = network.DOMtoCanvas(pointer);
    for (const [id, dot] of drawnDots) {
      if (visibleParts && !visibleParts.dots.has(id)) continue;
      if (Math.abs(dot.x - at.x) <= (at.y > dot.y + 26 ? 90 : 26) && at.y >= dot.y - 26 && at.y <= dot.y + 66) return id;
    }
    return null;
  }

  network.on("click", ({ pointer }) => {
    const dot = dotAt(pointer.DOM);
    const line = dot === null ? lineAt(pointer.DOM) : null;
    if (dot !== null) choose({ dot });
    else if (line !== null) choose({ line });
    else choose(null);
    by("graph").focus({ preventScroll: true });
  });
  network.on("hoverEdge", () => (by("graph").style.cursor = "pointer"));
  network.on("blurEdge", () => (by("graph").style.cursor = ""));
  network.on("hoverNode", () => (by("graph").style.cursor = "pointer"));
  network.on("blurNode", () => (by("graph").style.cursor = ""));

  by("routes").addEventListener("click", (event) => {
    const item = event.target.closest("[data-place]");
    if (item) choose({ route: Number(item.dataset.place) });
  });
  function turn(way) {
    first = Math.max(0, first + way);
    list();
    by("routes").scrollTop = 0;
  }
  by("more").addEventListener("click", () => turn(LISTED));
  by("earlier").addEventListener("click", () => turn(-LISTED));
  by("search").addEventListener("input", () => filter());
  by("filters").addEventListener("change", (event) => event.target.id === "search" || filter());
  by("filters").addEventListener("submit", (event) => event.preventDefault());
  by("clear").addEventListener("click", (event) => {
    event.preventDefault();
    by("filters").reset();
    filter();
  });
  by("next").addEventListener("click", () => step(1));
  by("previous").addEventListener("click", () => step(-1));
  by("all").addEventListener("click", () => {
    choose(null);
    frame(wholeBox(), 1.6, true);
  });
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });
  by("zoom-in").addEventListener("click", () => zoom(1.3));
  by("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  by("fit").addEventListener("click", () => frame(wholeBox(), 1.6, true));

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const field = event.target.closest("input, select, textarea");
    const typing = field !== null;
    const scrolls = event.target.closest("[role=tabpanel], #table");
    if (event.key === "Escape" && !typing) {
      choose(null);
      frame(wholeBox(), 1.6, true);
    } else if (event.key === "/" && !typing) {
      by("search").focus();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && (!typing || field.id === "search") && !scrolls) {
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (["ArrowRight", "ArrowLeft"].includes(event.key) && !typing) {
      step(event.key === "ArrowRight" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });
  window.addEventListener("hashchange", readHash);
  window.addEventListener("resize", () => requestAnimationFrame(() => (chosen && chosen.route !== undefined ? frameLit() : frame(wholeBox(), 1.6, false))));

  /* ---- start ---- */

  by("graph").setAttribute("aria-label", `Graph of ${counted(drawnDots.size, "node")} and ${counted(pieces.size, "line")}`);
  frame(wholeBox(), 1.6, false);
  openTab("evidence");
  list();
  showWelcome();
  network.once("afterDrawing", () => {
    window.pathfinder.drawMilliseconds = performance.now() - started;
  });

  /* For tests and the console: what is drawn, and where on the page. */
  window.pathfinder = {
    nodeCount: drawnDots.size,
    edgeCount: pieces.size,
    routeCount: routes.length,
    drawMilliseconds: null,
    get shown() {
      return matching.length;
    },
    get chosen() {
      return chosen && chosen.route !== undefined ? routes[chosen.route].id : null;
    },
    get scale() {
      return network.getScale();
    },
    placeOfNode(label) {
      const dot = [...drawnDots.values()].find((each) => each.label === label);
      return onPage(dot);
    },
    placeOfEdge(from, to) {
      const hop = hops.find((each) => nodes[each.from].label === from && nodes[each.to].label === to);
      return onPage(middleOf(pieces.get(hop.line)[0]));
    },
  };
  function onPage(point) {
    const at = network.canvasToDOM(point);
    const corner = by("graph").getBoundingClientRect();
    return { x: corner.left + at.x, y: corner.top + at.y };
  }

  if (location.hash.length > 1) readHash();
})();
