/** How Vite builds the page: as a folder for any static host, or as one file that opens from disk. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Nothing but what lies beside the page may be loaded, and nothing is sent anywhere; `script` is where scripts may come from. */
const policy = (script, worker) =>
  ["default-src 'none'", `script-src ${script}`, `worker-src ${worker}`, "style-src 'self' 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'"].join("; ");

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The service worker, with the names of all files of the folder: after the first visit the page needs no network. */
function offline() {
  return {
    name: "offline",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name !== "sw.js" && name !== "index.html").sort();
      const content = createHash("sha256").update(files.join()).update(String(bundle["index.html"]?.source ?? "")).digest("hex").slice(0, 12);
      const source = readFileSync(at("./service-worker.js"), "utf8").replace("__VERSION__", content).replace("__FILES__", JSON.stringify(["./", ...files]));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** The page with its own policy. */
function withPolicy(script, worker) {
  return { name: "policy", transformIndexHtml: { order: "post", handler: (html) => html.replace("__POLICY__", policy(script, worker)) } };
}

/** The page of a folder with its script and its style within itself: a browser loads no modules from disk. */
export function oneFile(folder) {
  const page = readFileSync(`${folder}/index.html`, "utf8");
  const at = (pattern) => readFileSync(`${folder}/${pattern.exec(page)[1]}`, "utf8");
  // A closing tag inside a string must not end the script.
  const script = `${at(/<script type="module"[^>]* src="([^"]+)"/).trim().replaceAll("</script", "<\\/script")}\n`;
  const style = at(/<link rel="stylesheet"[^>]* href="([^"]+)"/);
  return page
    .replace(/<script type="module"[^>]*><\/script>\s*/, "")
    .replace(/<link rel="stylesheet"[^>]*>\s*/, () => `<style>${style}</style>\n`)
    .replace("</body>", () => `<script type="module">${script}</script>\n</body>`)
    .replace("__POLICY__", () => policy(`${hash(script)} 'wasm-unsafe-eval'`, "blob:"));
}

/** The configuration of one of the two forms; `out` is the folder that it goes to. */
export function config(form, out) {
  const single = form === "file";
  return {
    root: at("../"),
    base: "./",
    configFile: false,
    logLevel: "warn",
    define: { __FORM__: JSON.stringify(form) },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    resolve: { alias: single ? [{ find: /^(.*)\/start\.ts$/, replacement: "$1/start-inline.ts" }] : [] },
    plugins: single ? [] : [withPolicy("'self' 'wasm-unsafe-eval'", "'self'"), offline()],
    worker: { format: single ? "iife" : "es" },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      cssCodeSplit: !single,
      assetsInlineLimit: single ? Infinity : 0,
      chunkSizeWarningLimit: 5000,
      ...(single ? { rolldownOptions: { output: { codeSplitting: false } } } : {}),
    },
  };
}
