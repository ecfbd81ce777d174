/** What algebra would simplify, compiled and as it is: the same bits, signs of zeros and NaN included, in values and derivatives of both orders. */

import { expect, it } from "vitest";
import { compile, grad, jvp, mul, sum, tensor, type Tensor } from "../../src/index.ts";
import { report } from "../report.ts";
import { fuzz, seed, type Verdict } from "../fuzz/runs.ts";
import { sized } from "../size.ts";
import { differenceOf } from "./bits.ts";
import { fitIdentities, identityPrograms, type IdentityProgram } from "./identity-programs.ts";

const weightsLike = (x: Tensor): Tensor => tensor(Array.from({ length: x.size }, (_, k) => 1 - 0.375 * k), { shape: [...x.shape], dtype: x.dtype }) as Tensor;

/** All values, the gradient of the last, and its change along the leaves. */
const everything = (program: IdentityProgram) => {
  const { leaves, values } = fitIdentities(program);
  const loss = (given: readonly Tensor[]): Tensor<[]> => {
    const last = [...given, ...values(given)].at(-1)!;
    return sum(mul(last, weightsLike(last))) as Tensor<[]>;
  };
  const gradient = (given: readonly Tensor[]): Tensor[] => grad(loss)(given) as Tensor[];
  const along = (given: readonly Tensor[]): Tensor[] => [...jvp(gradient, [given], [given.map(weightsLike)]).tangent];
  const again = (given: readonly Tensor[]): Tensor[] => grad((x: readonly Tensor[]) => gradient(x).map((g) => sum(mul(g, weightsLike(g)))).reduce((a, b) => a.add(b)) as Tensor<[]>)(given) as Tensor[];
  const f = (...given: Tensor[]): Tensor[] => [...values(given), ...gradient(given), ...along(given), ...again(given)];
  return { leaves, f, count: values(leaves).length };
};

let skipped = 0;

function compare(program: IdentityProgram): Verdict {
  const { leaves, f, count } = everything(program);
  if (count === 0) {
    skipped++;
    return "discarded";
  }
  const expected = f(...leaves);
  const found = compile(f)(...leaves);
  const kinds = ["value", "gradient", "change of the gradient", "gradient of the gradient"];
  for (const [k, right] of expected.entries()) {
    const kind = k < count ? kinds[0]! : kinds[1 + Math.floor((k - count) / leaves.length)]!;
    const difference = differenceOf(`${kind} ${k}`, found[k]!, right);
    if (difference !== null) return { difference };
  }
  return "agrees";
}

it("constants and identities have the bits of the engine in every broadcast", () => {
  const { graphs, failure } = fuzz(identityPrograms, compare, sized(250, 50_000));
  expect(failure?.text ?? "no failure").toBe("no failure");
  expect(skipped).toBeLessThan(0.3 * graphs);
  report("fuzzed programs", graphs, `${graphs.toLocaleString("en-US")} programs of constants and identities compiled, seed ${seed}`);
}, 600_000);
