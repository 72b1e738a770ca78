// The network: begins with one thing and grows by a click on any point. Forces place the points, the page draws them.
import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { arrange, shortLines, write } from "./lib/labels.js";

const canvas = document.getElementById("canvas");
const chosen = document.getElementById("chosen");
const SVG = "http://www.w3.org/2000/svg";
const NAME = { width: 130, height: 34 };
const EDGE = 44; // pixels for a name above the highest point and below the lowest
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

const make = (name, attributes = {}) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

function start() {
  canvas.hidden = false;
  document.querySelector("[data-legend]")?.removeAttribute("hidden");
  const svg = make("svg", { role: "group", "aria-label": canvas.dataset.label });
  const world = svg.appendChild(make("g", { visibility: "hidden" })); // until the points have their places
  const lines = world.appendChild(make("g")), points = world.appendChild(make("g"));
  canvas.append(svg);

  const nodes = new Map(), edges = new Map(), grown = new Set();
  let ticks = 0;
  const view = { x: 0, y: 0, k: 1 };
  let isMoved = false; // by the reader, who then has the view that was chosen
  const middle = () => ({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  const spread = Math.min(1, Math.max(0.6, canvas.clientWidth / 800)); // closer together on a phone, and higher than wide
  // Two rings of neighbours, so that twice as many names find room around a point.
  const pull = forceLink().id((node) => node.id).distance((link) => spread * (120 + 110 * (link.index % 2))).strength(0.5);
  const forces = forceSimulation()
    .force("link", pull)
    .force("push", forceManyBody().strength(-420 * spread).distanceMax(420))
    .force("apart", forceCollide(20))
    .force("names", keepNamesApart)
    .force("x", forceX(() => middle().x).strength(0.05 / spread))
    .force("y", forceY(() => middle().y).strength(0.07 * spread))
    .force("centre", forceCenter(middle().x, middle().y).strength(0.05))
    .on("tick", () => { place(); fit(); if (ticks++ % 4 === 0) uncrowd(); })
    .on("end", uncrowd);

  // Names are wide and low: points whose names would touch part upwards and downwards.
  function keepNamesApart(alpha) {
    const all = [...nodes.values()];
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        const gap = a.y - b.y;
        if (Math.abs(a.x - b.x) > NAME.width || Math.abs(gap) > NAME.height) continue;
        const push = (gap < 0 ? -1 : 1) * (NAME.height - Math.abs(gap)) * 0.6 * alpha;
        a.vy += push;
        b.vy -= push;
      }
    }
  }

  async function grow(id) {
    if (grown.has(id)) return;
    grown.add(id);
    const address = new URL(canvas.dataset.address, location.href);
    address.searchParams.set("thing", id);
    address.searchParams.set("lang", document.documentElement.lang);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    const from = nodes.get(id) ?? middle();
    for (const node of found.nodes) {
      if (!nodes.has(node.id)) nodes.set(node.id, Object.assign(node, { x: from.x + Math.random() * 60 - 30, y: from.y + Math.random() * 60 - 30 }));
    }
    for (const edge of found.edges) {
      const key = `${edge.source} ${edge.key} ${edge.target}`;
      if (!edges.has(key)) edges.set(key, edge);
    }
    draw();
    choose(id);
  }

  function draw() {
    for (const [key, edge] of edges) {
      if (edge.line) continue;
      edge.line = lines.appendChild(make("line", { "data-key": key }));
      edge.text = lines.appendChild(make("text", { class: "edge-name", "text-anchor": "middle" }));
      edge.text.textContent = edge.relation;
      edge.text.style.display = "none";
    }
    for (const node of nodes.values()) {
      if (!node.mark) node.mark = point(node);
      const degree = [...edges.values()].filter((edge) => end(edge.source) === node.id || end(edge.target) === node.id).length;
      node.radius = 6 + Math.sqrt(degree) * 1.6;
      node.mark.querySelector("circle").setAttribute("r", node.radius);
    }
    forces.nodes([...nodes.values()]);
    pull.links([...edges.values()]);
    forces.alpha(0.9);
    if (STILL || grown.size === 1) settle(); else forces.restart();
  }

  /** Finds the places of the points a few milliseconds at a time, so that the page answers meanwhile; then draws them. */
  async function settle() {
    forces.stop().alphaDecay(0.04); // so that they rest after 160 steps
    for (let left = 160; left > 0;) {
      for (const until = performance.now() + 3; left > 0 && performance.now() < until; left -= 1) forces.tick();
      await new Promise((go) => { setTimeout(go); });
    }
    place();
    fit();
    uncrowd();
    world.removeAttribute("visibility");
  }

  const end = (of) => (typeof of === "object" ? of.id : of);

  function point(node) {
    const mark = points.appendChild(make("g", { class: node.group, tabindex: "0", role: "button", "aria-label": `${node.name}, ${node.kind}` }));
    mark.append(make("circle", { r: 7 }));
    write(mark.appendChild(make("text")), shortLines(node.name));
    mark.appendChild(make("title")).textContent = `${node.name} (${node.kind})`;
    mark.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); grow(node.id); choose(node.id); }
    });
    drag(mark, node);
    return mark;
  }

  function choose(id) {
    const node = nodes.get(id);
    if (!node) return;
    for (const other of nodes.values()) other.mark.classList.toggle("chosen", other === node);
    for (const edge of edges.values()) edge.text.style.display = end(edge.source) === id || end(edge.target) === id ? "" : "none";
    uncrowd();
    chosen.hidden = false;
    chosen.replaceChildren(`${canvas.dataset.open} `, Object.assign(document.createElement("a"), { href: node.address, textContent: node.name }), ` (${node.kind})`);
  }

  function place() {
    for (const { line, text, source, target } of edges.values()) {
      line.setAttribute("x1", source.x); line.setAttribute("y1", source.y);
      line.setAttribute("x2", target.x); line.setAttribute("y2", target.y);
      text.setAttribute("x", (source.x + target.x) / 2); text.setAttribute("y", (source.y + target.y) / 2 - 2);
    }
    for (const node of nodes.values()) node.mark.setAttribute("transform", `translate(${node.x},${node.y})`);
  }

  // All points are seen, as far apart as there is room for; names are as large whatever the zoom.
  function fit() {
    if (isMoved || !nodes.size) return;
    const across = [...nodes.values()].map((node) => node.x), down = [...nodes.values()].map((node) => node.y);
    const box = { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
    const room = { width: canvas.clientWidth * 0.8, height: canvas.clientHeight - 2 * EDGE };
    view.k = Math.min(1.4, Math.max(0.5, Math.min(room.width / (box.right - box.left), room.height / (box.bottom - box.top))));
    view.x = middle().x - view.k * (box.left + box.right) / 2;
    view.y = middle().y - view.k * (box.top + box.bottom) / 2;
    show();
  }

  function uncrowd() {
    const { x, y, k } = view, seen = { left: -x / k, top: -y / k, right: (canvas.clientWidth - x) / k, bottom: (canvas.clientHeight - y) / k };
    arrange([...nodes.values()], [...edges.values()], k, isMoved ? undefined : seen);
  }

  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return { x: (event.clientX - box.left - view.x) / view.k, y: (event.clientY - box.top - view.y) / view.k };
  };
  const show = () => {
    world.setAttribute("transform", `translate(${view.x},${view.y}) scale(${view.k})`);
    svg.style.setProperty("--zoom", view.k); // names keep their size
  };

  function drag(mark, node) {
    let began = null;
    mark.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      mark.setPointerCapture(event.pointerId);
      began = { x: event.clientX, y: event.clientY, far: false };
    });
    mark.addEventListener("pointermove", (event) => {
      if (!began) return;
      began.far ||= Math.hypot(event.clientX - began.x, event.clientY - began.y) > 4;
      if (!began.far) return;
      isMoved = true;
      Object.assign(node, { fx: at(event).x, fy: at(event).y });
      forces.alphaTarget(0.2).restart();
    });
    mark.addEventListener("pointerup", () => {
      if (began && !began.far) { choose(node.id); grow(node.id); }
      began = null;
      node.fx = node.fy = null;
      forces.alphaTarget(0);
    });
  }

  let held = null;
  svg.addEventListener("pointerdown", (event) => { held = { x: event.clientX - view.x, y: event.clientY - view.y }; });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    isMoved = true;
    Object.assign(view, { x: event.clientX - held.x, y: event.clientY - held.y });
    show();
  });
  addEventListener("pointerup", () => { held = null; });
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    isMoved = true;
    const before = at(event);
    view.k = Math.min(4, Math.max(0.25, view.k * (event.deltaY < 0 ? 1.15 : 1 / 1.15)));
    const box = svg.getBoundingClientRect();
    view.x = event.clientX - box.left - before.x * view.k;
    view.y = event.clientY - box.top - before.y * view.k;
    show();
    uncrowd();
  }, { passive: false });

  document.fonts.ready.then(() => {
    for (const item of [...nodes.values(), ...edges.values()]) delete item.room;
    if (nodes.size) uncrowd();
  });
  for (const id of JSON.parse(canvas.dataset.start)) grow(id);
}

if (canvas) start();
