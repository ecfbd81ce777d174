/** The host's WebAssembly, as far as it is used here; none in an engine without it. */

import type { Obstacle } from "../backend.ts";

/** Memory that programs work in. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The constructors of the host. */
export interface WasmHost {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared?: boolean;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** i32.const 0, i8x16.splat, drop: engines without vectors refuse it. */
const vectors = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];

let known: WasmHost | null | undefined;

/** The host's WebAssembly with vectors; `null` where there is none. */
export function wasmHost(): WasmHost | null {
  if (known !== undefined) return known;
  const host = (globalThis as { readonly WebAssembly?: WasmHost }).WebAssembly;
  known = host !== undefined && host.validate(new Uint8Array(vectors)) ? host : null;
  return known;
}

/** The module with nothing in it. */
const empty = [0, 97, 115, 109, 1, 0, 0, 0];

let obstacle: Obstacle | null | undefined;

function lookForObstacle(): Obstacle | null {
  if (!("WebAssembly" in globalThis))
    return {
      problem: "this engine has no WebAssembly",
      remedy: "run it without --jitless, or outside of a lockdown mode",
    };
  const host = wasmHost();
  if (host === null) return { problem: "the WebAssembly of this engine has no vectors", remedy: "use a newer engine" };
  try {
    new host.Module(new Uint8Array(empty));
    return null;
  } catch {
    return {
      problem: "WebAssembly must not be compiled here",
      remedy: "add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy",
    };
  }
}

/** The obstacle that keeps programs from being made; `null` where there is none. */
export function obstacleToPrograms(): Obstacle | null {
  if (obstacle === undefined) obstacle = lookForObstacle();
  return obstacle;
}

/** A module with the one function (a) → a · a + a, fused: engines without relaxed SIMD refuse it. */
const fusedProduct = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133,
  2, 11,
];

/** True if this engine has fused products (relaxed SIMD). */
export function relaxedSimd(): boolean {
  return wasmHost()?.validate(new Uint8Array(fusedProduct)) ?? false;
}
