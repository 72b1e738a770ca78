// The builder begins with a list of what can be found; Sparnatural is fetched when somebody turns to it.
import { fetchLate, onApproach } from "./lib/late.js";

const page = document.getElementById("builder");
const words = page.dataset, status = page.querySelector("[data-status]"), choices = page.querySelector("[data-begin]");
let sparnatural = null;
const load = () => (sparnatural ??= fetchLate(words));

onApproach(choices, load);
choices.addEventListener("click", async (event) => {
  const chosen = event.target.closest("[data-shape]");
  if (!chosen) return;
  event.preventDefault();
  status.textContent = words.loading;
  (await load()).begin(chosen.dataset.shape, choices);
});
page.querySelector("[data-run]").addEventListener("click", async () => {
  if (choices.isConnected) status.textContent = words.empty;
  else (await load()).run();
});
