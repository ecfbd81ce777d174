// A NumPy in slow index loops: row-major arrays of doubles whose every operation walks its output index by index.

export * from "./arrays-core.ts";
export * from "./arrays-linear.ts";
export * from "./arrays-reduce.ts";
export * from "./arrays-shape.ts";
