// The configuration of the builder is Turtle, so none of the other parsers of rdf-parse is shipped.
import { StreamParser } from "n3";

export default { parse: (text) => text.pipe(new StreamParser({ format: "text/turtle" })) };
