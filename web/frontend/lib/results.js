// The answer to a query as a table, and as bars of a number or of how many rows there are, for each name.
const NUMBER = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;
const MOST = 40, STEP = 26, NAME = 300, WIDE = 900, ROWS = 500;

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

/** A table of the rows; a node is a link to its page here, by its name where the answer has it. */
export function resultTable(variables, rows, { base, first }) {
  const shown = variables.filter((name) => !variables.includes(name.replace(/_label$/, "")) || !name.endsWith("_label"));
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of shown) head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: heading(name) }));
  const body = table.createTBody();
  for (const row of rows.slice(0, ROWS)) {
    const line = body.insertRow();
    for (const name of shown) {
      const cell = line.insertCell(), term = row[name], label = row[`${name}_label`]?.value;
      if (term?.type === "uri") cell.append(Object.assign(document.createElement("a"), { href: pageOf(term.value, base), textContent: label ?? short(term.value) }));
      else cell.textContent = term?.value ?? "";
      if (NUMBER.test(term?.datatype ?? "")) cell.className = "num";
    }
  }
  if (rows.length > ROWS) table.createCaption().textContent = first.replace("40", ROWS);
  return table;
}

const heading = (name) => name.replace(/_1$/, "").replaceAll("_", " ");
const pageOf = (iri, base) => iri.replace("https://w3id.org/ca-ai-policy/", base);

/** Bars with fields to choose what is drawn; `words` are the texts in the reader's language. */
export function drawChart(variables, rows, words) {
  const numbers = variables.filter((name) => rows.some((row) => NUMBER.test(row[name]?.datatype ?? "")));
  const texts = variables.filter((name) => !numbers.includes(name));
  // What many rows share says more as bars than what each row has for itself.
  const distinct = (name) => new Set(rows.map((row) => row[name]?.value)).size;
  const labels = texts.filter((name) => /label|name/i.test(name));
  const best = (labels.length ? labels : texts).sort((a, b) => distinct(a) - distinct(b)).find((name) => distinct(name) > 1) ?? variables[0];
  const box = document.createElement("div");
  box.className = "result-chart";
  const by = choice(box, words.names, variables, best);
  const of = choice(box, words.values, ["", ...numbers], numbers[0] ?? "", words.count);
  const place = document.createElement("div");
  box.append(place);
  const paint = () => place.replaceChildren(bars(rows, by.value, of.value, words));
  by.addEventListener("change", paint);
  of.addEventListener("change", paint);
  paint();
  return box;
}

function choice(box, label, values, chosen, empty) {
  const field = document.createElement("label");
  const select = document.createElement("select");
  for (const value of values) select.add(new Option(value || empty, value, false, value === chosen));
  field.append(label, select);
  box.append(field);
  return select;
}

function bars(rows, by, of, words) {
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
