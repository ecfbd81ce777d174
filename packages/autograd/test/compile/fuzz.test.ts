/** Random tensor programs compiled: value, gradient and second derivative have the bits of the engine. */

import { expect, it } from "vitest";
import { compile, grad, jvp, sum, tensor, type Tensor } from "../../src/index.ts";
import { report } from "../report.ts";
import { fuzz, runs, seed, type Verdict } from "../fuzz/runs.ts";
import { prepare, tensorPrograms, type TensorProgram } from "../fuzz/tensor-program.ts";
import { differenceOf } from "./bits.ts";

/** The first difference between a function run as it is and as a program, run twice; `null` where there is none. */
function difference(what: string, f: (...leaves: Tensor[]) => Tensor, leaves: readonly Tensor[]): string | null {
  const expected = f(...leaves);
  const compiled = compile(f);
  compiled(...leaves);
  return differenceOf(what, compiled(...leaves), expected);
}

function compare(program: TensorProgram): Verdict {
  const leaves = program.leaves.map(({ shape, values }) => tensor(Float64Array.from(values), { shape }) as Tensor);
  const { loss } = prepare(program, 1);
  const f = (...given: Tensor[]): Tensor => loss(given);
  const first = (...given: Tensor[]): Tensor => grad((...x: Tensor[]) => f(...x) as Tensor<[]>)(...given) as Tensor;
  const second = (...given: Tensor[]): Tensor =>
    jvp((x: Tensor) => first(x, ...given.slice(1)), [given[0]!], [given[0]!]).tangent;
  const found =
    difference("value", f, leaves) ??
    difference("gradient", first, leaves) ??
    difference("second derivative", (...x) => sum(second(...x)), leaves);
  return found === null ? "agrees" : { difference: found };
}

it("random programs have the bits of the engine", () => {
  const { graphs, failure } = fuzz(tensorPrograms, compare, Math.ceil(runs / 100));
  expect(failure?.text ?? "no failure").toBe("no failure");
  report(
    "fuzzed programs",
    3 * graphs,
    `${(3 * graphs).toLocaleString("en-US")} random programs compiled, seed ${seed}`,
  );
});
