// Writes careplan/static/: themed CSS (left to right and mirrored) and assets, each under a name that holds its hash, with .gz beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import rtlcss from "rtlcss";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "careplan", "static");
const hashed = /\.[0-9a-f]{10}\.(css|svg|js)(\.gz)?$/;

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (hashed.test(name)) rmSync(join(out, name));

const css = compile(join(here, "careplan.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules/nhsuk-frontend/dist")],
  quietDeps: true,
}).css;
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
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
