// Zooms the time line: everything that carries its place as a share of the width is put there anew.
const line = document.getElementById("line");
const bar = document.querySelector("[data-zoom='line']");

if (line && bar) {
  const svg = line.querySelector("svg");
  const whole = Number(svg.getAttribute("width"));
  const left = Number(svg.dataset.left), right = Number(svg.dataset.right);
  let zoom = 1;

  const at = (share, width) => left + Number(share) * (width - left - right);

  function draw() {
    const width = Math.max(whole * zoom, line.clientWidth - 2);
    svg.setAttribute("width", width);
    svg.setAttribute("viewBox", `0 0 ${width} ${svg.getAttribute("height")}`);
    for (const node of svg.querySelectorAll("[data-x]")) {
      const x = at(node.dataset.x, width);
      if (node.tagName === "circle") node.setAttribute("cx", x);
      else if (node.tagName === "line") {
        node.setAttribute("x1", x);
        node.setAttribute("x2", at(node.dataset.x2, width));
      } else {
        for (const part of node.children) {
          if (part.tagName === "text") part.setAttribute("x", x + 4);
          else { part.setAttribute("x1", x); part.setAttribute("x2", x); }
        }
      }
    }
    keep();
  }

  // The names of the lanes stay in sight while the line moves under them.
  function keep() {
    for (const name of svg.querySelectorAll(".lane")) name.setAttribute("x", line.scrollLeft + 8);
  }

  function zoomTo(next, at_x = line.clientWidth / 2) {
    const place = (line.scrollLeft + at_x) / svg.getAttribute("width");
    zoom = Math.min(40, Math.max(line.clientWidth / whole, next));
    draw();
    line.scrollLeft = place * svg.getAttribute("width") - at_x;
    keep();
  }

  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (button) zoomTo(zoom * Number(button.dataset.by));
  });
  line.addEventListener("scroll", keep, { passive: true });
  line.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomTo(zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.clientX - line.getBoundingClientRect().left);
  }, { passive: false });
  let held = null;
  line.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && !event.target.closest("a")) held = event.clientX + line.scrollLeft;
  });
  addEventListener("pointermove", (event) => { if (held !== null) line.scrollLeft = held - event.clientX; });
  addEventListener("pointerup", () => { held = null; });
  addEventListener("resize", draw);
  if (whole < line.clientWidth - 2) draw(); // else it is as wide as the server has drawn it
  line.scrollLeft = line.scrollWidth; // the newest is what most look for
}
