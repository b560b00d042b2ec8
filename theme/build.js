// Writes careplan/static/: themed CSS (left to right and mirrored) and assets, each under a name that holds its hash, with .gz beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import postcss from "postcss";
import rtlcss from "rtlcss";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "careplan", "static");
const hashed = /\.[0-9a-f]{10}\.(css|svg|js)(\.gz)?$/;

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (hashed.test(name)) rmSync(join(out, name));

// Parts of the design system that we have no use for, and whose icons we would have to serve.
const unused = /search-cancel-button|data-sort|aria-sort/;
const prune = (root) => {
  root.walkRules(unused, (rule) => rule.remove());
  for (let depth = 0; depth < 3; depth += 1) {
    root.walkAtRules((rule) => {
      if (rule.nodes?.length === 0) rule.remove();
    });
  }
};

const stylesheet = compile(join(here, "careplan.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules/nhsuk-frontend/dist")],
  quietDeps: true,
}).css;
const css = postcss([{ postcssPlugin: "prune", OnceExit: prune }]).process(stylesheet, { from: undefined }).css;
const files = { "careplan.css": css, "careplan.rtl.css": rtlcss.process(css) };
for (const name of readdirSync(join(here, "assets"))) files[name] = readFileSync(join(here, "assets", name), "utf8");

const manifest = {};
for (const [name, text] of Object.entries(files)) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}.${hash}${extension}`;
  writeFileSync(join(out, manifest[name]), text);
  writeFileSync(join(out, `${manifest[name]}.gz`), gzipSync(text, { level: 9 }));
}
// What it was built from, so that a test without Node can tell a stale build.
const source = createHash("sha256");
const assets = readdirSync(join(here, "assets")).sort().map((name) => join("assets", name));
for (const name of ["careplan.scss", "package-lock.json", ...assets]) source.update(readFileSync(join(here, name)));
writeFileSync(join(out, "manifest.json"), `${JSON.stringify({ source: source.digest("hex"), files: manifest }, null, 2)}\n`);
