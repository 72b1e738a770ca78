// YASGUI over our own endpoint. It is the only page with scripts of others, so what it may do is narrowed here:
// one endpoint, our prefixes, completion from our vocabulary, no look-up elsewhere.
import Yasgui from "@zazuko/yasgui";
import "./lib/editor.css"; // becomes yasgui.css
import { chartPlugin } from "./lib/chart-plugin.js";

const settings = JSON.parse(document.getElementById("editor-settings").textContent);
settings.endpoint = new URL(settings.endpoint, location.href).href; // YASGUI reads it as a whole address
const status = document.querySelector("[data-status]");
const words = status.dataset;
const run = document.querySelector("[data-run]"), stop = document.querySelector("[data-stop]");
const { Yasqe, Yasr } = Yasgui;

const own = (name, values) => {
  // Kept by snapshot, so that a new vocabulary is not hidden behind an old one.
  Object.assign(Yasqe.Autocompleters[name], { bulk: true, autoShow: false, persistenceId: `${name}-${settings.snapshot}`, get: () => values });
};
own("class", settings.classes);
own("property", settings.properties);
own("prefixes", Object.entries(settings.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort());
Yasqe.Autocompleters.prefixes.autoShow = true;

Yasr.registerPlugin("chart", chartPlugin(words));

/** What the endpoint says of a mistake: its place in words, and a way there. */
async function problem(error) {
  const box = document.createElement("div");
  box.className = "problem";
  box.setAttribute("role", "alert");
  const say = (text) => box.appendChild(Object.assign(document.createElement("p"), { textContent: text }));
  let answer = {};
  try { answer = JSON.parse(error.text ?? ""); } catch { /* no document of ours: a proxy, or no answer at all */ }
  if (answer.title) box.appendChild(document.createElement("p")).appendChild(Object.assign(document.createElement("strong"), { textContent: answer.title }));
  if (answer.line) {
    const place = say(`${words.line} ${answer.line}, ${words.column} ${answer.column} `);
    const go = place.appendChild(Object.assign(document.createElement("button"), { type: "button", textContent: words.go }));
    go.addEventListener("click", () => point(answer.line, answer.column));
    point(answer.line, answer.column, false);
  }
  // The reader's list of what could stand here names ranges of letters too; those help nobody.
  const detail = answer.detail?.replace(/^line \d+, column \d+: /, "").replace(/\[[^\]]*\](?:, )?/g, "").replace(/, $/, "");
  say(detail ?? (error.status ? `${error.status} ${error.statusText ?? ""}` : words.unreached));
  if (answer.hint) say(answer.hint);
  if (answer.downloads) say("").appendChild(Object.assign(document.createElement("a"), { href: answer.downloads, textContent: words.downloads }));
  return box;
}

let marked = null;
function unmark(editor) {
  if (marked !== null) editor.removeLineClass(marked, "background", "wrong-line");
  marked = null;
}

function point(line, column, jump = true) {
  const editor = yasgui.getTab().getYasqe();
  unmark(editor);
  marked = editor.addLineClass(Math.min(line, editor.lineCount()) - 1, "background", "wrong-line");
  if (jump) {
    editor.focus();
    editor.setCursor({ line: line - 1, ch: Math.max(0, column - 1) });
  }
}

Yasr.defaults.errorRenderers = [problem];

/** Write the lines of the prefixes that the query uses and does not declare; then it runs in other tools as well. */
function declare(editor) {
  const text = editor.getValueWithoutComments().replace(/<[^>]*>|"(\\.|[^"\\])*"/g, " ");
  const known = editor.getPrefixesFromQuery();
  const used = [...text.matchAll(/(?<![\w?$:-])([a-z]+):/gi)].map((found) => found[1]);
  const missing = [...new Set(used)].filter((name) => settings.prefixes[name] && !known[name]).sort();
  if (missing.length) editor.addPrefixes(Object.fromEntries(missing.map((name) => [name, settings.prefixes[name]])));
}

/** Runs the query of the tab that is open. */
export function ask() {
  declare(yasgui.getTab().getYasqe());
  yasgui.getTab().query().catch(() => { /* what went wrong is shown where the answer would be */ });
}

const place = document.getElementById("yasgui");
const plain = document.querySelector("[data-plain]"), field = plain.elements.query;
const typed = field.value === field.defaultValue ? "" : field.value;
const caret = document.activeElement === field ? field.selectionEnd : -1;
place.hidden = false;
plain.hidden = true;
const yasgui = new Yasgui(place, {
  persistenceId: "ca-ai-policy",
  populateFromUrl: false,
  autofocus: false,
  endpointCatalogueOptions: { getData: () => [] },
  requestConfig: {
    endpoint: settings.endpoint,
    method: (from) => ((from.getYasqe?.() ?? from).getValue?.().length < 6000 ? "GET" : "POST"),
    headers: {},
  },
  yasqe: { value: settings.first, createShareableLink: null, resizeable: true },
  yasr: { prefixes: settings.prefixes, maxPersistentResponseSize: 100_000 },
});
for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint?.(settings.endpoint);

/** What YASGUI leaves unsaid to a screen reader and to the keyboard: names of fields, a list of tabs with tabs alone. */
function name() {
  place.querySelector(".addTab")?.setAttribute("role", "tab");
  place.querySelector(".addTab")?.setAttribute("aria-selected", "false");
  for (const box of place.querySelectorAll(".CodeMirror textarea")) box.setAttribute("aria-label", words.query);
  for (const box of place.querySelectorAll(".CodeMirror-scroll")) box.tabIndex = 0;
}
name();
yasgui.on("tabSelect", () => setTimeout(name));

function open(text, name) {
  yasgui.addTab(true, { name, yasqe: { value: text } }, { avoidDuplicateTabs: true });
}
if (settings.given) open(settings.given, new URLSearchParams(location.search).get("question") ?? document.querySelector(".lessons [aria-current]")?.textContent);

if (typed) open(typed);
if (caret >= 0) { // who was writing goes on at the same place
  const editor = yasgui.getTab().getYasqe();
  editor.focus();
  editor.setCursor(editor.getDoc().posFromIndex(caret));
}

const example = document.querySelector("[data-example]");
/** A tab with the question that was chosen. */
export function openExample() {
  if (example.value) open(settings.examples[example.value], example.value);
  example.value = "";
}
example.addEventListener("change", openExample);

let began = 0;
const linked = ["run", "step"].some((key) => new URLSearchParams(location.search).has(key));
function running(is) {
  stop.disabled = !is;
  run.disabled = is;
}
run.addEventListener("click", ask);
place.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  ask();
}, true);
stop.addEventListener("click", () => yasgui.getTab().getYasqe().abortQuery());
yasgui.on("query", () => {
  began = performance.now();
  unmark(yasgui.getTab().getYasqe());
  status.textContent = words.running;
  running(true);
});
yasgui.on("queryResponse", () => {
  status.textContent = `${((performance.now() - began) / 1000).toFixed(2)} s`;
  running(false);
});
yasgui.on("queryAbort", () => {
  status.textContent = words.stopped;
  running(false);
});
if (settings.given && linked) ask(); // the address of a query was opened: its answer is what was wanted
