// A chart of results beside the table: bars of a number, or of how many rows there are, for each name.
const NUMBER = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;
const MOST = 40, STEP = 26, NAME = 300, WIDE = 900;

const make = (name, attributes = {}, text) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

const short = (value) => {
  const text = value.replace(/^.*[/#](?=[^/#]+$)/, value.startsWith("http") ? "" : "$&");
  return text.length > 44 ? `${text.slice(0, 42)}…` : text;
};

/** A plugin of YASR that draws bars; `words` are its texts in the reader's language. */
export function chartPlugin(words) {
  return class Chart {
    priority = 3;
    label = words.chart;
    hideFromSelection = false;
    constructor(yasr) { this.yasr = yasr; }

    canHandleResults() { return (this.yasr.results?.getBindings()?.length ?? 0) > 0; }

    getIcon() {
      const icon = make("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
      for (const [x, height] of [[1, 6], [6, 13], [11, 9]]) icon.append(make("rect", { x, y: 15 - height, width: 4, height, fill: "currentColor" }));
      return icon;
    }

    draw() {
      const rows = this.yasr.results.getBindings();
      const names = this.yasr.results.getVariables();
      const numbers = names.filter((name) => rows.some((row) => NUMBER.test(row[name]?.datatype ?? "")));
      const texts = names.filter((name) => !numbers.includes(name));
      const best = texts.find((name) => /label|name/i.test(name)) ?? texts[0] ?? names[0];
      const box = document.createElement("div");
      box.className = "result-chart";
      const by = this.choice(box, words.names, names, best);
      const of = this.choice(box, words.values, ["", ...numbers], numbers[0] ?? "", words.count);
      const place = document.createElement("div");
      box.append(place);
      const paint = () => place.replaceChildren(this.bars(rows, by.value, of.value));
      by.addEventListener("change", paint);
      of.addEventListener("change", paint);
      paint();
      this.yasr.resultsEl.replaceChildren(box);
    }

    choice(box, label, values, chosen, empty) {
      const field = document.createElement("label");
      const select = document.createElement("select");
      for (const value of values) select.add(new Option(value || empty, value, false, value === chosen));
      field.append(label, select);
      box.append(field);
      return select;
    }

    bars(rows, by, of) {
      const sums = new Map();
      for (const row of rows) {
        const name = row[by]?.value ?? "–";
        sums.set(name, (sums.get(name) ?? 0) + (of ? Number(row[of]?.value ?? 0) : 1));
      }
      const all = [...sums].sort((a, b) => b[1] - a[1]);
      const shown = all.slice(0, MOST);
      const most = Math.max(...shown.map(([, value]) => value), 1e-9);
      const svg = make("svg", { viewBox: `0 0 ${WIDE} ${shown.length * STEP + (all.length > MOST ? 24 : 4)}`, role: "img", "aria-label": `${words.chart}: ${of || words.count}` });
      shown.forEach(([name, value], i) => {
        const y = i * STEP, width = Math.max(1, (value / most) * (WIDE - NAME - 110));
        svg.append(make("text", { x: NAME - 8, y: y + 17, "text-anchor": "end" }, short(name)));
        svg.append(make("rect", { x: NAME, y: y + 4, width, height: STEP - 8 }));
        svg.append(make("text", { x: NAME + width + 6, y: y + 17 }, value.toLocaleString(document.documentElement.lang)));
      });
      if (all.length > MOST) svg.append(make("text", { x: NAME, y: shown.length * STEP + 16 }, words.first));
      return svg;
    }
  };
}
