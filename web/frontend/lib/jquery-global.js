// Sparnatural and the plugins in it look for jQuery where scripts of a page would leave it.
import jquery from "jquery";

globalThis.$ = globalThis.jQuery = jquery;
