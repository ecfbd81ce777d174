/** What the machine can do at most, measured in the same run as the works. */

import { relaxedSimd } from "../../packages/autograd/src/backends/wasm/host.ts";
import { measure, rate, registers, tile } from "../machine.ts";

/** One measured limit. */
export interface Limit {
  /** `"WASM vectors of float32, multiply and add, registers alone"`. */
  readonly name: string;
  readonly gigaflops: number;
  readonly threads: number;
}

const ROUNDS = 40;

/**
 * Each measures one limit: vectors of float32 in registers alone, and the innermost tile of a matrix product in the
 * first cache.
 */
export const limits: readonly (() => Limit)[] = [false, true]
  .filter((fma) => !fma || relaxedSimd())
  .flatMap((fma) => {
    const how = fma ? "fused multiply-add" : "multiply and add";
    return (
      [
        ["registers alone", registers],
        ["the tile of a matrix product", tile],
      ] as const
    ).map(([what, make]) => () => {
      const one = make("f32", fma);
      measure([one], ROUNDS);
      return { name: `WASM vectors of float32, ${how}, ${what}`, gigaflops: rate(one), threads: 1 };
    });
  });
