/**
 * Programs stay what they are: the values and the module of each function of a corpus have the digests that are written
 * down beside this file. `vitest run …/replay.test.ts -u` writes them anew; a commit that changes them says why.
 */

import { expect, it } from "vitest";
import { cond, grad, jvp, mul, scan, sum, whileLoop, type Tensor } from "../../src/index.ts";
import { applyTo, caseOf, type Case } from "../ops/sampling.ts";
import { families } from "../ops/table/index.ts";
import { cases, type Constructs } from "../transforms/control-cases.ts";
import { digestOf } from "./ir-text.ts";
import { record } from "./recorded.ts";
import { programs } from "./replay-programs.ts";

type Computation = (...args: Tensor[]) => unknown;

const isFloat = ({ dtype }: Tensor): boolean => dtype === "float64" || dtype === "float32";

/** The digests of programs, under a name. */
class Ledger {
  readonly #lines: string[] = [];

  note(name: string, made: readonly (readonly [Computation, readonly unknown[], number?])[]): void {
    const recorded = made.map(([f, args, threads = 1]) => record(f, args, { threads }));
    const ir = digestOf(...recorded.map((one) => one.ir));
    const bytes = digestOf(...recorded.map((one) => one.bytes));
    const size = recorded.reduce((total, one) => total + one.bytes.length, 0);
    this.#lines.push(
      `${name}: ${recorded.length} ${recorded.length === 1 ? "program" : "programs"}, values ${ir}, module ${bytes} of ${size} bytes\n`,
    );
  }

  get text(): string {
    return this.#lines.join("");
  }
}

/** The value of a case, and of the first samples its derivatives. */
const programsOf = (one: Case, derivatives: boolean): (readonly [Computation, readonly Tensor[]])[] => {
  const leaves = one.leaves.map(({ tensor }) => tensor);
  if (leaves.length === 0) return [];
  const value: Computation = (...given) => applyTo(one, given);
  const first = one.leaves.findIndex((leaf) => leaf.differentiable && isFloat(leaf.tensor));
  if (first < 0 || !derivatives || !isFloat(applyTo(one, leaves))) return [[value, leaves]];
  const total = (...given: Tensor[]): Tensor<[]> => sum(mul(applyTo(one, given), 1.5)) as Tensor<[]>;
  const gradient = (...given: Tensor[]): Tensor => grad(total, { argnums: first })(...given) as Tensor;
  const second: Computation = (...given) =>
    jvp((x: Tensor) => gradient(...given.map((leaf, k) => (k === first ? x : leaf))), [given[first]!], [given[first]!])
      .tangent;
  return [
    [value, leaves],
    [gradient, leaves],
    ...(one.row.order === 2 && one.dtype === "float64" ? [[second, leaves] as const] : []),
  ];
};

const library = { scan, whileLoop, cond } as unknown as Constructs;

it("has the digests that are written down", async () => {
  const ledger = new Ledger();
  for (const row of Object.values(families).flat()) {
    const made = row.dtypes.flatMap((dtype) =>
      row.samples.slice(0, 2).flatMap((_, k) => programsOf(caseOf(row, k, dtype), k === 0)),
    );
    ledger.note(`op ${row.name}`, made);
  }
  cases.forEach(({ name, args, run }, at) => {
    const loss = (...list: Tensor[]): Tensor<[]> => run(library, ...list) as Tensor<[]>;
    const gradient = grad(loss, { argnums: args.map((_, k) => k) }) as unknown as (...list: Tensor[]) => Tensor[];
    const second: Computation = (...list) => jvp(gradient, list, list).tangent;
    ledger.note(`control, ${name}`, [
      [loss, args],
      [gradient, args],
      ...(at % 2 === 0 ? [[second, args] as const] : []),
    ]);
  });
  for (const [name, { f, args, threads = 1 }] of Object.entries(programs)) ledger.note(name, [[f, args, threads]]);
  await expect(ledger.text).toMatchFileSnapshot("replay.txt");
});
