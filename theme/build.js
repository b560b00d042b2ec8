// Writes careplan/static/: themed CSS, the same for both directions of writing, and assets, each under a name that holds its hash, with .gz beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import postcss from "postcss";
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

// The design system says left and right. Said as start and end, the same sheet serves a page, and a part of a page,
// in a language that is written from right to left.
const names = [
  [/^(margin|padding)-left$/, "$1-inline-start"],
  [/^(margin|padding)-right$/, "$1-inline-end"],
  [/^border-left(-\w+)?$/, "border-inline-start$1"],
  [/^border-right(-\w+)?$/, "border-inline-end$1"],
  [/^left$/, "inset-inline-start"],
  [/^right$/, "inset-inline-end"],
];
const logical = (declaration) => {
  const { prop, value } = declaration;
  const found = names.find(([physical]) => physical.test(prop));
  const sides = postcss.list.space(value);
  if (found) {
    declaration.prop = prop.replace(...found);
  } else if (["text-align", "justify-content"].includes(prop) && ["left", "right"].includes(value)) {
    declaration.value = value === "left" ? "start" : "end";
  } else if (prop === "float" && ["left", "right"].includes(value)) {
    // Beside the physical word, which is for browsers that do not know the logical one.
    declaration.cloneAfter({ value: value === "left" ? "inline-start" : "inline-end" });
  } else if (/^(margin|padding|border-width)$/.test(prop) && sides.length === 4 && sides[1] !== sides[3]) {
    const [area, width = ""] = prop.split("-");
    const named = (axis) => [area, axis, width].filter(Boolean).join("-");
    declaration.cloneBefore({ prop: named("block"), value: `${sides[0]} ${sides[2]}` });
    declaration.prop = named("inline");
    declaration.value = `${sides[3]} ${sides[1]}`;
  }
};

const stylesheet = compile(join(here, "careplan.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules/nhsuk-frontend/dist")],
  quietDeps: true,
}).css;
const plugins = [
  { postcssPlugin: "prune", OnceExit: prune },
  { postcssPlugin: "logical", OnceExit: (root) => root.walkDecls(logical) },
];
const css = postcss(plugins).process(stylesheet, { from: undefined }).css;
const files = { "careplan.css": css };
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
