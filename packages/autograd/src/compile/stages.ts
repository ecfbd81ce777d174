/** The stages in which a program is made, and how long each took. */

/** From the function to what runs: its trace, values, simpler values, kernels with their places, and the module. */
export const stageNames = ["trace", "ir", "passes", "schedule", "backend"] as const;

export type StageName = (typeof stageNames)[number];

/** The things that each stage gives, which are counted. */
const things: Readonly<Record<StageName, string>> = {
  trace: "ops",
  ir: "values",
  passes: "values",
  schedule: "kernels",
  backend: "bytes",
};

/** One stage, as it went. */
export interface Stage {
  readonly name: StageName;
  readonly milliseconds: number;
  /** How much it gave: ops, values, values, kernels, bytes of code. */
  readonly size: number;
}

/** A stage as text: `passes 12 values 0.3 ms`. */
export function showStage({ name, milliseconds, size }: Stage): string {
  return `${name} ${size} ${size === 1 ? things[name].slice(0, -1) : things[name]} ${milliseconds.toFixed(1)} ms`;
}

/** Runs stages, one after another. */
export class Stages {
  readonly #done: Stage[] = [];

  run<T>(name: StageName, body: () => T, sizeOf: (result: T) => number): T {
    const start = performance.now();
    const result = body();
    const milliseconds = performance.now() - start;
    this.#done.push({ name, milliseconds, size: sizeOf(result) });
    return result;
  }

  get done(): readonly Stage[] {
    return this.#done;
  }
}
