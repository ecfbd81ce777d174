/** Threads in a browser: where pages are isolated, where they are not, and where workers from text are forbidden. */

import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const present = existsSync(executablePath);
if (!present)
  console.log(
    `threads-page.test.ts: no browser at ${executablePath}, so that no page is opened; apt-get install chromium, or set CHROMIUM`,
  );

const sources = fileURLToPath(new URL("../../src/", import.meta.url));

/** What the page does: all results beside one thread's, then a worker that never answers, then all again. */
const script = `
import { compile, tensor, add, mul, sum, exp, sin, pow, abs } from "./index.ts";
import { heap } from "./backends/wasm/memory/heap.ts";
import { pool } from "./backends/wasm/threads/pool.ts";
import { i32 } from "./backends/wasm/assembler/expressions.ts";
import { ModuleBuilder } from "./backends/wasm/assembler/module.ts";

if (pool() !== null) pool().restsFromWaiting = false;
const count = 200000;
const x = tensor(Float64Array.from({ length: count }, (_, i) => Math.cos(i)), { shape: [count] });
const f = (a) => sum(mul(exp(mul(a, a)), add(sin(mul(a, 1e8)), pow(abs(a), a))));
const expected = f(x).item();
const g = compile(f, { threads: 3 });
let wrong = 0;
const call = (times) => { for (let k = 0; k < times; k++) if (g(x).item() !== expected) wrong++; };
/** Waits for three threads, and no longer than so many looks while there is no worker at all. */
const settled = async (looks) => {
  while (pool() !== null && pool().ready(3) < 3 && looks > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (pool().workers().length === 0) looks--;
  }
};
call(3);
await settled(100);
call(10);
const begun = pool()?.begun() ?? null;
let lost = null;
if (begun?.length === 2) {
  const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: true });
  builder.function("run", ["i32", "i32"], null, (body) => body.loop((again) => again(i32(1))), true);
  const bytes = builder.finish();
  const code = heap().allocate(bytes.length, "test");
  new Uint8Array(heap().memory.buffer).set(bytes, code);
  pool().run({ op: "test", program: -1, code, codeBytes: bytes.length, entry: -1, threads: 3 }, () => undefined);
  // A job that nobody has looked at yet would be replaced by the next.
  while (pool().begun().some((jobs, k) => jobs === begun[k])) await new Promise((resolve) => setTimeout(resolve, 5));
  const usual = pool().deadline;
  pool().deadline = 200;
  try { g(x); } catch (error) { lost = error.name; }
  pool().deadline = usual;
  call(1);
  await settled(Infinity);
  call(10);
}
window.notes = g.explain().notes;
window.result = { isolated: crossOriginIsolated, wrong, begun, lost, after: pool()?.begun() ?? null };
`;

/** A page that may make no programs, or no loops from text. */
const plainScript = `
import { compile, tensor, mul, matmul, sum, sin } from "./index.ts";
let warnings = 0;
console.warn = () => { warnings++; };
const x = tensor(Float64Array.from({ length: 40000 }, (_, i) => Math.cos(i)), { shape: [200, 200] });
const f = (a) => sum(mul(sin(a), matmul(a, a)));
const g = compile(f, { threads: 2 });
const expected = f(x).item();
const wrong = [g(x), g(x), compile(f)(x)].filter((y) => y.item() !== expected).length;
window.notes = g.explain().notes;
window.result = { wrong, warnings, programs: g.programs() };
`;

let browser: Browser;
/** The scripts by address, in one file each: no page loads the library module by module. */
const files = new Map<string, string>();
const servers: Server[] = [];

async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: sources },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}

/** A server of the scripts, with headers; its address. */
async function serve(headers: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = files.get(path);
    response.setHeader("content-type", path === "/" ? "text/html" : "text/javascript");
    if (path === "/") response.end("<!doctype html><title>threads</title>");
    else if (file !== undefined) response.end(file);
    else response.writeHead(204).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

/** What `explain` noted in the last page. */
let notes: readonly string[] = [];

async function resultIn(headers: Readonly<Record<string, string>>, path = "/main.js"): Promise<unknown> {
  const page = await browser.newPage();
  await page.goto(await serve(headers), { timeout: 0 });
  await page.evaluate(`import("${path}")`);
  const result: unknown = await page.evaluate("window.result");
  notes = await page.evaluate("window.notes");
  await page.close();
  return result;
}

const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

describe.skipIf(!present)("a page", () => {
  beforeAll(async () => {
    files.set("/main.js", await bundled(script)).set("/plain.js", await bundled(plainScript));
    browser = await chromium.launch({
      executablePath,
      timeout: 0,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
  });
  afterAll(async () => {
    await browser.close();
    for (const server of servers) server.close();
  });

  it("that is isolated has threads, without ever sleeping, and outlives a worker that does not answer", async () => {
    expect(await resultIn(isolation)).toEqual({
      isolated: true,
      wrong: 0,
      begun: [10, 10],
      lost: "WorkerCrashError",
      after: [21, 21],
    });
  });

  it("that is not isolated has one thread", async () => {
    expect(await resultIn({})).toEqual({ isolated: false, wrong: 0, begun: null, lost: null, after: null });
    expect(notes.join()).toContain("not cross-origin isolated");
  });

  it("that forbids workers from text has one thread", async () => {
    const policy = {
      "Content-Security-Policy": "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'; worker-src 'self'",
    };
    expect(await resultIn({ ...isolation, ...policy })).toEqual({
      isolated: true,
      wrong: 0,
      begun: [],
      lost: null,
      after: [],
    });
    expect(notes.join()).toContain("allow blob: in worker-src");
  });

  it.each([
    ["script-src 'self'", 1],
    ["script-src 'self' 'wasm-unsafe-eval'", 0],
  ])(
    "with the policy %s runs what it may, and says once where that is the function itself",
    async (policy, warnings) => {
      expect(await resultIn({ "Content-Security-Policy": policy }, "/plain.js")).toEqual({
        wrong: 0,
        warnings,
        programs: 1 - warnings,
      });
      expect(notes.join().includes("'wasm-unsafe-eval'")).toBe(warnings === 1);
    },
  );
});
