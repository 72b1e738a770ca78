// Bundles style sheets and scripts into ../static/dist and draws the outlines of the five countries.
// Every .css and .js file of this folder is an entry of its own; what they share lives in lib/.
import { geoConicEqualArea, geoPath } from "d3-geo";
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "dist");
const WIDTH = 640, HEIGHT = 420;
const COUNTRIES = { kz: "398", uz: "860", kg: "417", tj: "762", tm: "795" }; // ISO 3166-1 numeric

/** The outlines as SVG paths, projected once here so that the server only colours them. */
function outlines() {
  const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("world-atlas/countries-50m.json")));
  const shapes = feature(atlas, atlas.objects.countries).features;
  const wanted = Object.entries(COUNTRIES).map(([code, number]) => [code, shapes.find((shape) => shape.id === number)]);
  const all = { type: "FeatureCollection", features: wanted.map(([, shape]) => shape) };
  // Standard parallels inside the region keep areas true and shapes familiar.
  const projection = geoConicEqualArea().rotate([-67, 0]).parallels([38, 52]).fitExtent([[8, 8], [WIDTH - 8, HEIGHT - 8]], all);
  const path = geoPath(projection).digits(1);
  const countries = wanted.map(([code, shape]) => ({ code, path: path(shape), centre: path.centroid(shape).map(Math.round) }));
  return { width: WIDTH, height: HEIGHT, countries };
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
  loader: { ".woff2": "file", ".svg": "dataurl" },
  assetNames: "[name]-[hash]",
  logLevel: "warning",
});
writeFileSync(join(target, "countries.json"), JSON.stringify(outlines()));
