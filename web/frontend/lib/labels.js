// Where the names of points and links stand: beside their point, over no other name and over no other point. Names are as
// large on the screen whatever the zoom, so the further away one looks, the fewer find room.
const LETTERS = 22, LINES = 2, GAP = 5;

/** A name in short lines of whole words: what is read aloud must hold what is seen. */
export function shortLines(name) {
  const lines = [""];
  for (const word of name.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= LETTERS || !lines.at(-1)) lines[lines.length - 1] = longer;
    else if (lines.length < LINES) lines.push(word);
    else return [...lines.slice(0, -1), `${lines.at(-1).replace(/[\s,]+$/, "")}…`];
  }
  return lines;
}

/** Writes the lines into a text of SVG, one below the other. */
export function write(text, lines) {
  text.replaceChildren(...lines.map((line, i) => {
    const span = document.createElementNS(text.namespaceURI, "tspan");
    span.textContent = i < lines.length - 1 ? `${line} ` : line;
    if (i) span.setAttribute("dy", "1.15em");
    return span;
  }));
}

// What a text takes up on the screen; it is measured once, as measuring lays out the page.
function measure(item, text, zoom) {
  if (!item.room) {
    const { width, height } = text.getBBox();
    item.room = { width: width * zoom, height: height * zoom };
  }
  return { width: item.room.width / zoom, height: item.room.height / zoom };
}

const box = (left, top, { width, height }) => ({ left, right: left + width, top, bottom: top + height });
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// The places around a point, the best first.
function* places({ x, y, radius }, size, gap) {
  const away = radius + gap, left = x - size.width / 2, top = y - size.height / 2;
  yield { anchor: "middle", x: 0, box: box(left, y - away - size.height, size) };
  yield { anchor: "middle", x: 0, box: box(left, y + away, size) };
  yield { anchor: "start", x: away, box: box(x + away, top, size) };
  yield { anchor: "end", x: -away, box: box(x - away - size.width, top, size) };
}

/**
 * Places all names. That of a point with more links comes first, then those of links; what finds no room is "crowded",
 * and shown on hover, focus and choice only. Beyond the box `within`, if it is given, a name would be cut.
 */
export function arrange(nodes, edges, zoom, within) {
  const links = new Map(), taken = [];
  for (const { source, target } of edges) for (const one of [source, target]) links.set(one, (links.get(one) ?? 0) + 1);
  const points = nodes.map((node) => ({ node, ...box(node.x - node.radius, node.y - node.radius, { width: 2 * node.radius, height: 2 * node.radius }) }));
  const isSeen = (place) => !within || (place.left >= within.left && place.right <= within.right && place.top >= within.top && place.bottom <= within.bottom);
  const isFree = (place, own) => isSeen(place) && !taken.some((other) => meet(place, other)) && !points.some((point) => point.node !== own && meet(place, point));
  const first = (node) => (node.mark.classList.contains("chosen") ? Infinity : links.get(node) ?? 0);
  for (const node of [...nodes].sort((a, b) => first(b) - first(a))) {
    const text = node.mark.querySelector("text"), all = [...places(node, measure(node, text, zoom), GAP / zoom)];
    const found = all.find((place) => isFree(place.box, node)), place = found ?? all[0];
    node.mark.classList.toggle("crowded", !found);
    if (found) taken.push(place.box);
    text.setAttribute("text-anchor", place.anchor);
    // The first line stands on its baseline, four fifths of a line below the top.
    const lines = text.childElementCount || 1, line = (place.box.bottom - place.box.top) / (lines * 1.15);
    text.setAttribute("y", place.box.top - node.y + line * 0.9);
    for (const span of text.children) span.setAttribute("x", place.x);
  }
  for (const edge of edges) {
    if (edge.text.style.display === "none") continue;
    const { source, target, text } = edge, size = measure(edge, text, zoom);
    const place = box((source.x + target.x - size.width) / 2, (source.y + target.y) / 2 - size.height, size);
    const free = isFree(place);
    if (free) taken.push(place);
    text.classList.toggle("crowded", !free);
  }
}
