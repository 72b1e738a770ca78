// Bundles style sheets and scripts into ../static/dist and writes the outlines of countries for the map.
// Every .css and .js file of this folder is an entry of its own; what they share lives in lib/.
import { geoCentroid, geoConicEqualArea, geoDistance, geoPath } from "d3-geo";
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "dist");
const palette = JSON.parse(readFileSync(join(here, "..", "charts", "palette.json")));
const CENTRE = [67, 45], RADIUS = 0.9; // the middle of Central Asia; how far around it countries are drawn, in radians

/** The colours of pages and charts as variables of CSS, and a class for each country by its order of coverage. */
function paletteCss() {
  const variables = ({ ui, countries }, scheme) => [
    ...Object.entries(ui).map(([name, colour]) => `--${name}: ${colour};`),
    ...countries.map((colour, i) => `--country-${i + 1}: ${colour};`),
    `color-scheme: ${scheme};`,
  ].join(" ");
  return [
    `:root { ${variables(palette.light, "light")} }`,
    `@media (prefers-color-scheme: dark) { html:not([data-theme="light"]) { ${variables(palette.dark, "dark")} } }`,
    `html[data-theme="dark"] { ${variables(palette.dark, "dark")} }`,
    ...palette.light.countries.map((_, i) => `.country-${i + 1} { --c: var(--country-${i + 1}); }`),
  ].join("\n");
}

const palettePlugin = {
  name: "palette",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^palette\.css$/ }, ({ path }) => ({ path, namespace: "palette" }));
    onLoad({ filter: /.*/, namespace: "palette" }, () => ({ contents: paletteCss(), loader: "css" }));
  },
};

/** The builder of queries speaks English and French, so its texts in other languages are ours; it sorts by names that it reads once. */
const sparnaturalPlugin = {
  name: "sparnatural",
  setup({ onLoad, onResolve }) {
    const patch = (filter, from, to) => onLoad({ filter }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      if (!code.includes(from)) throw new Error(`${path}: this code is elsewhere now`);
      return { contents: code.replace(from, to), loader: "js" };
    });
    const texts = readdirSync(join(here, "lib")).map((name) => /^sparnatural-(\w+)\.json$/.exec(name)).filter(Boolean)
      .map(([file, tag]) => `${tag}: ${readFileSync(join(here, "lib", file), "utf8")},`).join(" ");
    patch(/sparnatural[/\\]settings[/\\]I18n\.js$/, "fr: frLabels,", `fr: frLabels, ${texts}`);
    const own = "I18n.init(getSettings().language in I18n.i18nLabelsResources ? getSettings().language : 'en')";
    const sorted = `const read = new Map(items.map((item) => {
      const order = item.getOrder(), label = item.getLabel();
      return [item, { getOrder: () => order, getLabel: () => label }];
    }));
    items.sort((a, b) => SHACLSpecificationEntry.compare(read.get(a), read.get(b)));`;
    patch(/shacl[/\\]SHACLSpecificationEntry\.js$/, "items.sort(SHACLSpecificationEntry.compare);", sorted);
    patch(/sparnatural[/\\]components[/\\]SparnaturalComponent\.js$/, 'I18n.init("en")', own);
    // Widgets that our shapes never ask for: places drawn on a map, trees.
    const unused = /(?<=[{}])[^{}@]*(?:leaflet|jstree|vakata)[^{}]*\{[^{}]*\}/g;
    onLoad({ filter: /sparnatural\.css$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace(unused, ""), loader: "css" }));
    onResolve({ filter: /^(leaflet|@geoman-io\/leaflet-geoman-free|jstree)(\/|$)/ }, ({ path }) => ({ path, namespace: "unused" }));
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** SVG paths of the countries around Central Asia by ISO 3166-1 numeric code, in one projection; the server fits them. */
function outlines() {
  const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("world-atlas/countries-50m.json")));
  const shapes = feature(atlas, atlas.objects.countries).features;
  const near = shapes.filter((shape) => shape.id && geoDistance(geoCentroid(shape), CENTRE) < RADIUS);
  // Standard parallels inside the region keep areas true and shapes familiar.
  const projection = geoConicEqualArea().rotate([-CENTRE[0], 0]).parallels([38, 52]).scale(1200);
  const path = geoPath(projection).digits(1);
  const outline = (shape) => ({ path: path(shape), box: path.bounds(shape), centre: path.centroid(shape) });
  return Object.fromEntries(near.map((shape) => [shape.id, outline(shape)]));
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({
  entryPoints: readdirSync(here).filter((name) => /\.(css|js)$/.test(name)).map((name) => join(here, name)),
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "dataurl", ".png": "dataurl", ".gif": "dataurl", ".ttf": "empty" },
  // What the builder of queries expects of Node.
  alias: { stream: "readable-stream", "rdf-parse": join(here, "lib", "turtle.js") },
  define: { global: "globalThis" },
  conditions: ["style", "module"],
  assetNames: "[name]-[hash]",
  logLevel: "warning",
  plugins: [palettePlugin, sparnaturalPlugin],
});
writeFileSync(join(target, "countries.json"), JSON.stringify(outlines()));
