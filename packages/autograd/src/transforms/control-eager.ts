/** Loops outside of compiled functions: plain ones, in which a step costs little more than what it computes. */

import { tooManySteps } from "../graph/control.ts";
import { isTracked, mayBeSweptAgain, newestNode } from "../graph/record.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { asOwn } from "../ops/own.ts";
import { rowsOf, stackRows } from "../ops/rows.ts";
import { checkCarry, checkPredicate, checkSame, checkStep } from "./control-check.ts";
import { takerOf, type Take } from "./tree-take.ts";
import { arrangedLike, flattenTree, type Flat } from "./tree.ts";

/** A tree of rows, or nothing where there is none. */
export function flattenOptional(what: string, tree: unknown): Flat {
  return tree === null || tree === undefined ? NOTHING : flattenTree("scan", what, tree);
}

const NOTHING: Flat = { leaves: [], paths: [], rebuild: () => null, skeleton: null };

/**
 * The carry, as the user's functions take it: what they gave, where its structure, shapes and types are those of the
 * first one.
 *
 * A program begins the cotangent of what is carried anew in each step. So does the loop, by tensors of their own,
 * wherever that of the tensor itself has other summands before or between those of the next step: where it is older
 * than the step, is given or carried on twice, or is read by a sweep that is differentiated again.
 */
function nextCarry(
  op: string,
  first: Flat,
  take: Take,
  given: unknown,
  leaves: Tensor[],
  oldest: number,
  outputs: readonly Tensor[],
): unknown {
  let next = given;
  if (!take(given, leaves)) {
    const checked = checkCarry(op, first, given).leaves;
    checked.forEach((x, k) => (leaves[k] = x));
    next = first.rebuild(checked);
  }
  let fresh: Tensor[] | null = null;
  for (let k = 0; k < leaves.length; k++) {
    const x = leaves[k]!;
    if (x.node === null || !isTracked(x)) continue;
    if (
      x.node.id > oldest &&
      !mayBeSweptAgain(x) &&
      !outputs.includes(x) &&
      leaves.indexOf(x) === leaves.lastIndexOf(x)
    )
      continue;
    (fresh ??= leaves.slice())[k] = asOwn(x);
  }
  return fresh === null ? next : first.rebuild(fresh);
}

/** The last carry, all of it checked: a step looks at no more than what it uses. */
function lastCarry(op: string, first: Flat, carry: unknown): readonly Tensor[] {
  return checkCarry(op, first, carry).leaves;
}

/** The arguments of a scan, and which way it goes. */
export interface ScanForm {
  readonly first: Flat;
  readonly arrays: Flat;
  readonly length: number;
  readonly backwards: boolean;
}

/**
 * Runs the steps of a scan, first to last row or the reverse, and gives what is carried in the end and the outputs in
 * the order of the rows.
 */
export function runScan(
  f: (carry: unknown, rows: unknown) => unknown,
  { first, arrays, length, backwards }: ScanForm,
): { readonly carry: readonly Tensor[]; readonly ys: readonly Tensor[]; readonly output: Flat } {
  const begin = newestNode();
  const start = first.leaves.map(asOwn);
  const columns = arrays.leaves.map(asOwn).map(rowsOf);
  const rowsAt =
    columns.length === 0
      ? (): null => null
      : (row: number): unknown => arrays.rebuild(columns.map((rowAt) => rowAt(row)));
  let carry = first.rebuild(start);
  const takeCarry = takerOf(first);
  const carried: Tensor[] = [];
  let output: Flat | null = null;
  let takeOutput: Take | null = null;
  let outputs: readonly Tensor[][] = [];
  const taken: Tensor[] = [];
  for (let step = 0; step < length; step++) {
    const row = backwards ? length - 1 - step : step;
    // Taken apart by index, which is faster than by iteration.
    const rows = rowsAt(row);
    const oldest = newestNode();
    const result = checkStep(f(carry, rows));
    const y = result[1];
    if (output === null || !(takeOutput ??= takerOf(output))(y, taken)) {
      const given: Flat = flattenOptional("the output", y);
      const found: Flat = output === null ? given : arrangedLike(output, given);
      if (output !== null)
        checkSame(
          {
            op: "scan",
            first: "the first output",
            second: "the output",
            hint: "every step gives outputs of the same structure, shapes and types",
          },
          output,
          found,
        );
      else outputs = found.leaves.map(() => new Array<Tensor>(length));
      output ??= found;
      found.leaves.forEach((x, k) => (taken[k] = x));
    }
    carry = nextCarry("scan", first, takeCarry, result[0], carried, oldest, taken);
    for (let k = 0; k < outputs.length; k++)
      outputs[k]![row] = olderThan(begin, taken[k]!) ? asOwn(taken[k]!) : taken[k]!;
  }
  return { carry: lastCarry("scan", first, carry), ys: outputs.map(stackRows), output: output! };
}

/** Runs a while; `most` bounds its steps. */
export function runWhile(
  condition: (carry: unknown) => unknown,
  body: (carry: unknown) => unknown,
  first: Flat,
  most: number | null,
): readonly Tensor[] {
  let carry = first.rebuild(first.leaves.map(asOwn));
  const take = takerOf(first);
  const carried: Tensor[] = [];
  for (let step = 0; holds(condition(carry)); step++) {
    if (step === most) throw tooManySteps({ most, before: 0, line: null });
    const oldest = newestNode();
    carry = nextCarry("whileLoop", first, take, body(carry), carried, oldest, []);
  }
  return lastCarry("whileLoop", first, carry);
}

/** The results of a side of a branch, in the same way. */
export function branchResults(side: () => readonly Tensor[]): readonly Tensor[] {
  const oldest = newestNode();
  const results = side();
  return results.map((x) =>
    olderThan(oldest, x) || mayBeSweptAgain(x) || results.indexOf(x) !== results.lastIndexOf(x) ? asOwn(x) : x,
  );
}

function olderThan(oldest: number, x: Tensor): boolean {
  return x.node !== null && x.node.id <= oldest && isTracked(x);
}

function holds(given: unknown): boolean {
  if (isTensor(given) && given.dtype === "bool" && typeof given.storage === "number") return given.storage === 1;
  return checkPredicate("whileLoop", "the condition", given).storage === 1;
}
