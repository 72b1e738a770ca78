// What makes the pages nicer where scripts run; without them every link and form does its work on a page of its own.
import "./lib/evidence.js";
import "./lib/suggest.js";
