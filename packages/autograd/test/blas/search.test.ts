/**
 * The search for a library: what is taken, what is passed over, and the reasons that are given; nothing here needs a
 * BLAS.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { BlasAbsent, BlasFound } from "../../src/blas/index.ts";
import { koffiWith, type Fault } from "./fake-koffi.ts";

const linux = { platform: "linux", env: {} };

/** A fresh copy of the library, on a machine of this kind. */
async function machine(
  koffi: () => unknown,
  process: { platform?: string; env?: Record<string, string>; versions?: object } = {},
) {
  vi.resetModules();
  vi.doMock("koffi", koffi as () => object);
  const { useBlas } = await import("../../src/blas/index.ts");
  const { nativeProducts } = await import("../../src/kernels/native.ts");
  const before = globalThis.process;
  const ask = async (options?: Parameters<typeof useBlas>[0]): ReturnType<typeof useBlas> => {
    vi.stubGlobal("process", { versions: before.versions, ...linux, ...process });
    try {
      return await useBlas(options);
    } finally {
      vi.unstubAllGlobals();
    }
  };
  return { nativeProducts, useBlas: ask };
}

const reasonsOf = (blas: BlasFound | BlasAbsent): readonly string[] => {
  if (blas.found) throw new Error(`${blas.path} was taken`);
  return blas.reasons;
};

const withLibraries =
  (...operands: Parameters<typeof koffiWith>) =>
  () => ({ default: koffiWith(...operands) });

afterEach(() => {
  vi.doUnmock("koffi");
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("a library is passed over, with the reason", () => {
  it("where koffi is not installed", async () => {
    const { useBlas, nativeProducts } = await machine(() => {
      throw new Error("Cannot find package 'koffi'");
    });
    const blas = await useBlas();
    expect(blas).toEqual({
      found: false,
      reasons: [expect.stringMatching(/^koffi is not installed, or cannot be loaded here: npm install koffi \(/)],
    });
    expect(nativeProducts()).toBeNull();
  });

  it("where koffi is of a version that crashes on memory of threads", async () => {
    for (const version of ["2.9.0", "2.13.5", "1.99.0"]) {
      const { useBlas } = await machine(withLibraries({ "libopenblas.so.0": {} }, version));
      expect(await useBlas()).toEqual({
        found: false,
        reasons: [`koffi ${version} is too old: npm install koffi@latest`],
      });
    }
    for (const version of ["2.14.0", "3.0.0"]) {
      const { useBlas } = await machine(withLibraries({ "libopenblas.so.0": {} }, version));
      expect((await useBlas()).found).toBe(true);
    }
  });

  it("where this is not Node", async () => {
    const { useBlas } = await machine(withLibraries({}), { versions: {} });
    expect(await useBlas()).toEqual({
      found: false,
      reasons: ["this is not Node: libraries of the system are out of reach"],
    });
  });

  it("where there is none: each name that was tried, on each system", async () => {
    for (const [platform, name] of [
      ["linux", "libopenblas.so.0"],
      ["darwin", "/System/Library/Frameworks/Accelerate.framework/Accelerate"],
      ["win32", "libopenblas.dll"],
      ["freebsd", "libcblas.so"],
    ] as const) {
      const { useBlas, nativeProducts } = await machine(withLibraries({}), { platform });
      const blas = await useBlas();
      expect(reasonsOf(blas).length).toBeGreaterThan(3);
      expect(reasonsOf(blas)).toContain(`${name}: not found (Failed to load shared library: no such file)`);
      expect(nativeProducts()).toBeNull();
    }
  });

  it("where CHAINRULE_BLAS, or the path, names another: nothing else is tried", async () => {
    const libraries = { "libopenblas.so.0": {}, "/opt/mine.so": { signed: false } };
    const nowhere = await machine(withLibraries(libraries), { env: { CHAINRULE_BLAS: "/nowhere" } });
    expect(await nowhere.useBlas()).toEqual({
      found: false,
      reasons: ["/nowhere: not found (Failed to load shared library: no such file)"],
    });
    expect(await nowhere.useBlas({ path: "/opt/mine.so" })).toEqual({
      found: true,
      library: "BLAS",
      path: "/opt/mine.so",
      threads: null,
    });
    const mine = await machine(withLibraries(libraries), { env: { CHAINRULE_BLAS: "/opt/mine.so" } });
    expect(await mine.useBlas()).toEqual({ found: true, library: "BLAS", path: "/opt/mine.so", threads: null });
    const empty = await machine(withLibraries(libraries), { env: { CHAINRULE_BLAS: "" } });
    expect(await empty.useBlas()).toMatchObject({ found: true, path: "libopenblas.so.0" });
  });

  it("where it has no maker's sign, unless it is named: the reference BLAS is slower than WebAssembly", async () => {
    const { useBlas } = await machine(withLibraries({ "libblas.so.3": { signed: false } }));
    const blas = await useBlas();
    expect(blas).toMatchObject({ found: false });
    expect(
      reasonsOf(blas).some((reason) =>
        /^libblas\.so\.3: of no known maker.*CHAINRULE_BLAS=libblas\.so\.3/.test(reason),
      ),
    ).toBe(true);
    expect(await useBlas({ path: "libblas.so.3" })).toMatchObject({ found: true, library: "BLAS" });
  });

  it("where a function is missing", async () => {
    const { useBlas } = await machine(withLibraries({ "libopenblas.so.0": { fault: "functions" } }));
    const blas = await useBlas();
    expect(reasonsOf(blas)).toContain(
      "libopenblas.so.0: a function is missing (Cannot find function 'cblas_dgemm' in shared library)",
    );
  });

  it.each<readonly [Fault, RegExp]>([
    ["transposes", /1 × 7 times 7 × 5 \(transposed\) in float32, entry 0 is 58 where 22 is right/],
    ["columns", /17 × 1 times 1 × 13 in float32, entry 220 is 0 where (NaN|-?\d+) is right/],
    ["sums", /70 × 61 times 61 × 45 in float32, entry 0 is -?\d+ where -?\d+ is right/],
    ["zeros", /entry \d+ is -?\d+ where NaN is right/],
    ["infinities", /entry \d+ is NaN where Infinity is right/],
    ["double", /in float64/],
    ["beyond", /entry \d+ is 0 where NaN is right/],
    ["throws", /a call failed \(Unexpected Float32Array value\)/],
  ])("where its products are wrong in the self-test: %s", async (fault, reason) => {
    const { useBlas, nativeProducts } = await machine(
      withLibraries({ "libopenblas.so.0": { fault }, "libblis.so.4": { fault } }),
    );
    const blas = await useBlas();
    const given = reasonsOf(blas).filter((text) => !text.includes("not found"));
    expect(given).toHaveLength(2);
    for (const text of given) expect(text).toMatch(reason);
    expect(nativeProducts()).toBeNull();
  });

  it("and the next one is taken", async () => {
    const { useBlas } = await machine(
      withLibraries({ "libopenblas.so.0": { fault: "zeros" }, "libblis.so.4": { fault: "none" } }),
    );
    expect(await useBlas()).toEqual({ found: true, library: "OpenBLAS", path: "libblis.so.4", threads: 8 });
  });
});

describe("a library that was found", () => {
  it("takes the number of threads, and keeps it", async () => {
    const { useBlas } = await machine(withLibraries({ "libopenblas.so.0": {} }));
    expect(await useBlas()).toMatchObject({ threads: 8 });
    expect(await useBlas({ threads: 3 })).toMatchObject({ threads: 3 });
    expect(await useBlas()).toMatchObject({ threads: 3 });
  });

  it("is opened once, switched off and on", async () => {
    const koffi = koffiWith({ "libopenblas.so.0": {} });
    const load = vi.fn((path: string) => koffi.load(path));
    const { useBlas, nativeProducts } = await machine(() => ({ default: { ...koffi, load } }));
    await useBlas();
    const first = nativeProducts();
    expect(first).toMatchObject({ library: "OpenBLAS" });
    expect(await useBlas({ enabled: false })).toEqual({
      found: false,
      reasons: ["switched off by useBlas({ enabled: false })"],
    });
    expect(nativeProducts()).toBeNull();
    await useBlas();
    expect(nativeProducts()).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
    await useBlas({ path: "/nowhere" });
    expect(nativeProducts()).toBeNull();
  });

  it("is refused impossible settings, by name", async () => {
    const { useBlas } = await machine(withLibraries({ "libopenblas.so.0": {} }));
    for (const threads of [0, -1, 1.5, NaN, 1e9])
      await expect(useBlas({ threads })).rejects.toThrow(
        /^useBlas: threads is .*: give a whole number from 1 to 65535/,
      );
    await expect(useBlas({ path: "" })).rejects.toThrow(/^useBlas: path is "": give a text/);
    await expect(useBlas({ path: 5 as unknown as string })).rejects.toMatchObject({ op: "useBlas", code: "ARGUMENT" });
  });
});
