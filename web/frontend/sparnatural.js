// The builder of queries: Sparnatural over our classes and properties; the answer as table, chart, CSV and SPARQL.
import "./lib/jquery-global.js";
import "./lib/builder.css"; // becomes sparnatural.css, with what Sparnatural brings along
import select2 from "select2";
import { SparnaturalElement } from "sparnatural";
import { drawChart, resultTable } from "./lib/results.js";

select2(); // it adds itself to jQuery only when it is called
const page = document.getElementById("builder");
const words = page.dataset;
const builder = document.querySelector("[data-natural]").content.querySelector(SparnaturalElement.HTML_ELEMENT_NAME);
const status = document.querySelector("[data-status]");
const [table, chart, code] = ["div[data-table]", "div[data-chart]:not(#builder)", "[data-code]"].map((name) => document.querySelector(name));
const answer = document.querySelector("[data-answer]");
const links = { editor: document.querySelector("[data-editor]"), csv: document.querySelector("[data-csv]") };
let query = "";

builder.addEventListener("queryUpdated", ({ detail }) => {
  query = builder.expandSparql(detail.queryString);
  code.textContent = query;
  const given = new URLSearchParams({ query });
  links.editor.href = `${words.editorAddress}?${given}`;
  links.csv.href = `${words.endpoint}?${given}&format=csv`;
});
builder.addEventListener("submit", run);
builder.addEventListener("reset", () => { answer.hidden = true; });

/** Puts the builder into the page, with what to find. */
export function begin(shape, instead) {
  builder.addEventListener("init", () => {
    status.textContent = "";
    builder.querySelector(`.StartClassGroup li[data-id="${shape}"] .item-sel`)?.click();
  }, { once: true });
  new MutationObserver(name).observe(builder, { childList: true, subtree: true });
  instead.replaceWith(builder);
}

/** Asks what was put together. */
export async function run() {
  if (!query) {
    status.textContent = words.empty;
    return;
  }
  status.textContent = words.running;
  builder.disablePlayBtn();
  try {
    const body = new URLSearchParams({ query });
    const headers = { Accept: "application/sparql-results+json" };
    const response = await fetch(words.endpoint, { method: "POST", body, headers });
    if (!response.ok) throw new Error((await response.json()).detail);
    show(await response.json());
  } catch (error) {
    status.textContent = error.message || words.unreached;
  } finally {
    builder.enablePlayBtn();
  }
}

function show({ head, results }) {
  const rows = results.bindings;
  answer.hidden = false;
  status.textContent = `${words.rows}: ${rows.length.toLocaleString(document.documentElement.lang)}`;
  table.replaceChildren(resultTable(head.vars, rows, words));
  chart.replaceChildren(...(rows.length ? [drawChart(head.vars, rows, words)] : []));
  answer.querySelector("h2").focus();
}

/** What Sparnatural leaves unsaid to the keyboard and to screen readers: its buttons, choices and fields. */
function name() {
  for (const [selector, label] of [[".playBtn", words.run], [".reset-form a", words.reset], [".displayButton", words.columns]]) {
    for (const button of builder.querySelectorAll(selector)) {
      button.setAttribute("role", "button");
      button.setAttribute("tabindex", "0");
      button.setAttribute("aria-label", label);
    }
  }
  for (const choice of builder.querySelectorAll(".htmlSelectUiUx li.enabled, .unselect")) choice.setAttribute("tabindex", "0");
  for (const field of builder.querySelectorAll("input:not([aria-label]), select:not([aria-label])")) {
    field.setAttribute("aria-label", field.placeholder || words.value);
  }
}
builder.addEventListener("keydown", (event) => {
  const target = event.target.closest("a[role=button], li.enabled, .unselect");
  if (event.key !== "Enter" || !target) return;
  event.preventDefault();
  (target.querySelector(".item-sel") ?? target).click();
});
