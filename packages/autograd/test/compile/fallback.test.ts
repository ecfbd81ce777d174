/** Where no program can be made, a compiled function is the function itself, and says so once. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Tensor } from "../../src/index.ts";

const real = (globalThis as unknown as { readonly WebAssembly: object }).WebAssembly;

/** As a constructor: one that gives nothing. */
function refuse(): never {
  throw new TypeError("Wasm code generation disallowed by embedder");
}

const hostWith = (changed: object): object =>
  Object.assign(Object.create(real) as object, { Memory: (real as { Memory: unknown }).Memory }, changed);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

describe.each([
  ["there is no WebAssembly", undefined, "WebAssembly"],
  ["it has no vectors", hostWith({ validate: () => false }), "newer engine"],
  ["a page's policy forbids modules", hostWith({ Module: refuse }), "'wasm-unsafe-eval'"],
])("where %s", (_, host, remedy) => {
  it("the function itself runs, with its derivatives, its variables and its refusals, and one warning says so", async () => {
    vi.resetModules();
    if (host === undefined) {
      vi.stubGlobal("WebAssembly", undefined);
      delete (globalThis as { WebAssembly?: unknown }).WebAssembly;
    } else vi.stubGlobal("WebAssembly", host);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { compile, gather, grad, mul, sum, tensor, variable } = await import("../../src/index.ts");
    const state = variable(tensor([1, 2]));
    const step = compile(
      function step(x: Tensor, rate: number) {
        state.assign(mul(state.read(), rate) as Tensor<[2]>);
        return grad((y: Tensor) => sum(mul(y, mul(y, state.read()))) as Tensor<[]>)(x) as Tensor;
      },
      { verify: false },
    );
    expect(step(tensor([3, 4]), 2).toArray()).toEqual([12, 32]);
    expect(step(tensor([3, 4]), 2).toArray()).toEqual([24, 64]);
    expect(state.read().toArray()).toEqual([4, 8]);
    expect(step.programs()).toBe(0);
    expect(() =>
      compile((x: Tensor, i: Tensor) => gather(x, i))(tensor([1, 2]), tensor([2], { dtype: "int32" })),
    ).toThrow("index 2 at position 0");
    expect(() => step(new Map() as unknown as Tensor, 2)).toThrow("is Map");
    // A product and a long loop, for which eager kernels are made elsewhere.
    const long = tensor(new Float64Array(600_000).fill(0.5)) as Tensor;
    expect(sum(mul(long, long)).item()).toBe(150_000);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/^step: .*so compiled functions run as they are, op by op: /);
    expect(warn.mock.calls[0]![0]).toContain(remedy);
    const report = step.explain({ runs: 3 });
    expect([report.kernels, report.notes.length]).toEqual([[], 1]);
    expect(String(report)).toContain(remedy);
    expect(String(report)).toMatch(/^no program: /);
  });
});

describe("without threads", () => {
  it("explain says why, and what helps", async () => {
    vi.resetModules();
    vi.stubGlobal("SharedArrayBuffer", undefined);
    delete (globalThis as { SharedArrayBuffer?: unknown }).SharedArrayBuffer;
    const { compile, mul, tensor } = await import("../../src/index.ts");
    const f = compile((x: Tensor) => mul(x, 2), { threads: 2 });
    expect(f(tensor([1, 2])).toArray()).toEqual([2, 4]);
    expect(String(f.explain())).toContain(
      "one thread: the page is not cross-origin isolated: send Cross-Origin-Opener-Policy",
    );
    const g = compile((x: Tensor) => mul(x, 2), { threads: 1 });
    g(tensor([1, 2]));
    expect(g.explain().notes).toEqual([]);
  });
});

describe("an engine without a compiler", () => {
  it("node --jitless computes everything, compiled functions too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chainrule-jitless-"));
    try {
      const source = `
        import { compile, grad, matmul, mul, scan, sin, sum, tensor } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).pathname)};
        const x = tensor(Float64Array.from({ length: 20_000 }, (_, k) => Math.cos(k)), { shape: [100, 200] });
        const f = (a) => sum(mul(sin(a), matmul(a, a.transpose()).sum()));
        const g = compile(grad(f));
        const s = compile((a) => scan((h, row) => [h.add(row.sum()), null], tensor(0), a).carry);
        const expected = grad(f)(x).toTypedArray();
        const same = g(x).toTypedArray().every((y, k) => Object.is(y, expected[k]));
        console.log(JSON.stringify([same, Number.isFinite(s(x).item()), String(s.explain())]));`;
      const outfile = join(folder, "program.mjs");
      await build({
        stdin: { contents: source, resolveDir: folder, loader: "ts" },
        bundle: true,
        format: "esm",
        platform: "node",
        outfile,
        logLevel: "error",
      });
      const printed = execFileSync(process.execPath, ["--jitless", outfile], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [same, isFinite, text] = JSON.parse(printed) as [boolean, boolean, string];
      expect([same, isFinite]).toEqual([true, true]);
      expect(text).toContain("no program: this engine has no WebAssembly");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
