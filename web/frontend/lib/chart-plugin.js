// The chart of an answer beside its table in YASR.
import { drawChart } from "./results.js";

/** A plugin of YASR; `words` are its texts in the reader's language. */
export function chartPlugin(words) {
  return class Chart {
    priority = 3;
    label = words.chart;
    hideFromSelection = false;
    constructor(yasr) { this.yasr = yasr; }

    canHandleResults() { return (this.yasr.results?.getBindings()?.length ?? 0) > 0; }

    getIcon() {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("viewBox", "0 0 16 16");
      icon.setAttribute("width", 16);
      icon.setAttribute("height", 16);
      icon.setAttribute("aria-hidden", "true");
      icon.innerHTML = '<path fill="currentColor" d="M1 9h4v6H1zM6 2h4v13H6zM11 6h4v9h-4z"/>';
      return icon;
    }

    draw() {
      const { results } = this.yasr;
      this.yasr.resultsEl.replaceChildren(drawChart(results.getVariables(), results.getBindings(), words));
    }
  };
}
