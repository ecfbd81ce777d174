/** What the machine can do at most, measured in the same run as the works. */

/** One measured limit. */
export interface Limit {
  /** `"WASM SIMD 128-bit, multiply and add"`. */
  readonly name: string;
  readonly gigaflops: number;
  readonly threads: number;
}

/** Each measures one limit; a loop that finds one is one more entry. */
export const limits: readonly (() => Limit | Promise<Limit>)[] = [];
