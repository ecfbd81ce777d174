/** How Vite builds the page: as a folder for any static host, or as one file that opens from disk. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, createLogger } from "vite";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * The one script of the frame in which a visitor's code runs: it inherits the page's policy, which therefore names it.
 */
const frame = hash(readFileSync(at("../src/sandbox/frame.js"), "utf8"));

/**
 * Nothing but what lies beside the page may be loaded, and nothing is sent anywhere; `script` is where scripts may come
 * from. Workers may be texts of the page's own making: the visitor's code is one, in a frame of another origin.
 */
const policy = (script, worker) =>
  ["default-src 'none'", `script-src ${script} ${frame} 'wasm-unsafe-eval'`, `worker-src ${worker}`, "style-src 'self' 'unsafe-inline'", "img-src data:", "base-uri 'none'", "form-action 'none'"].join("; ");

/**
 * What a build warns of ends it: a module that no browser has would be missed when somebody asks for it, not before.
 */
function strict() {
  const logger = createLogger("warn");
  const refuse = (message) => {
    throw new Error(message);
  };
  return { ...logger, warn: refuse, warnOnce: refuse };
}

/** Refuses the empty modules that Vite puts in the place of those that no browser has, or that are not installed. */
function complete() {
  return {
    name: "complete",
    enforce: "pre",
    load(id) {
      const stub = /__vite-(?:browser-external|optional-peer-dep):?(.*)/.exec(id);
      if (stub !== null) throw new Error(`${stub[1]} is imported, and a browser has none`);
      return null;
    },
  };
}

/** What serves a visitor's code, `virtual:inside/NAME`, as the text of one script. */
function insides() {
  const prefix = "\0inside/";
  return {
    name: "insides",
    resolveId: (id) => (id.startsWith("virtual:inside/") ? prefix + id.slice("virtual:inside/".length) : null),
    async load(id) {
      if (!id.startsWith(prefix)) return null;
      const entry = at(`../src/sandbox/inside/${id.slice(prefix.length)}.ts`);
      const [{ output: [chunk] }] = [await build({
        configFile: false, logLevel: "warn", customLogger: strict(), plugins: [complete()], build: { write: false, target: "es2022", lib: { entry, formats: ["iife"], name: "inside" } },
      })].flat();
      return `export default ${JSON.stringify(chunk.code.trim())};`;
    },
  };
}

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
    .replace("__POLICY__", () => policy(hash(script), "blob:"));
}

/** The configuration of one of the two forms; `out` is the folder that it goes to. */
export function config(form, out) {
  const single = form === "file";
  return {
    root: at("../"),
    base: "./",
    configFile: false,
    logLevel: "warn",
    customLogger: strict(),
    define: { __FORM__: JSON.stringify(form), __FRAME_HASH__: JSON.stringify(frame.slice(1, -1)) },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    resolve: { alias: single ? [{ find: /^(.*)\/start\.ts$/, replacement: "$1/start-inline.ts" }] : [] },
    plugins: [complete(), insides(), ...(single ? [] : [withPolicy("'self'", "'self' blob:"), offline()])],
    worker: { format: single ? "iife" : "es", plugins: () => [complete()] },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      cssCodeSplit: !single,
      assetsInlineLimit: single ? Infinity : 0,
      chunkSizeWarningLimit: 5000,
      rolldownOptions: { checks: { pluginTimings: false }, ...(single ? { output: { codeSplitting: false } } : {}) },
    },
  };
}
