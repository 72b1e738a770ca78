// The editor is a form with a field for the query; YASGUI takes its place when somebody turns to it, or at once where
// an answer is wanted or tabs of an earlier visit are kept.
import { fetchLate, onApproach } from "./lib/late.js";

const place = document.getElementById("yasgui");
const run = document.querySelector("[data-run]"), example = document.querySelector("[data-example]");
const given = new URLSearchParams(location.search);
let yasgui = null, isThere = false;

const load = () => (yasgui ??= fetchLate(place.dataset).then((module) => { isThere = true; return module; }));
const first = (act) => () => { if (!isThere) load().then(act); };

document.querySelector("[data-stop]").hidden = run.hidden = false;
run.addEventListener("click", first((editor) => editor.ask()));
example.addEventListener("change", first((editor) => editor.openExample()));
const plain = document.querySelector("[data-plain]");
onApproach(plain, load);
plain.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) load().then((editor) => editor.ask());
});
if (given.has("run") || given.has("step") || localStorage.getItem("ca-ai-policy_config")) load();
