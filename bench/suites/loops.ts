/**
 * Loops outside of programs: scan and whileLoop in turns with the same loop written in JavaScript, value and gradient.
 */

import {
  add,
  gather,
  grad,
  less,
  mul,
  scan,
  stack,
  sub,
  sum,
  tensor,
  whileLoop,
  type Tensor,
} from "@chainrule/autograd";

type Scalar = Tensor<[]>;

const STEPS = 5_000;
const rows = tensor(Float64Array.from({ length: STEPS }, (_, i) => 0.1 * Math.sin(i)));
const start = tensor(0.3);
let sink: unknown;

/** One function, with a loop of the library and with a loop of JavaScript; `of` says what of it is timed. */
interface Row {
  readonly name: string;
  readonly loop: () => Tensor;
  readonly plain: () => Tensor;
}

const logistic = (r: Scalar, x: Tensor): Tensor => mul(mul(r, x), sub(1, x));
const weighted = (x: Tensor, row: Tensor): Tensor => mul(add(mul(0.5, x), row), row);

const scanned = (r: Scalar): Scalar =>
  scan((x: Tensor) => [logistic(r, x), null] as const, start as Tensor, null, { length: STEPS }).carry as Scalar;
const scannedPlainly = (r: Scalar): Scalar => {
  let x: Tensor = start;
  for (let k = 0; k < STEPS; k++) x = logistic(r, x);
  return x as Scalar;
};

const looped = (r: Scalar): Scalar =>
  whileLoop(
    ({ k }: { x: Tensor; k: Tensor }) => less(k, STEPS),
    ({ x, k }) => ({ x: logistic(r, x), k: add(k, 1) }),
    { x: start as Tensor, k: tensor(0) as Tensor },
  ).x as Scalar;
const loopedPlainly = (r: Scalar): Scalar => {
  let carry: { x: Tensor; k: Tensor } = { x: start, k: tensor(0) };
  while (less(carry.k, STEPS).item() === 1) carry = { x: logistic(r, carry.x), k: add(carry.k, 1) };
  return carry.x as Scalar;
};

const withRows = (xs: Tensor): Scalar =>
  sum(
    scan(
      (h: Tensor, row: Tensor) => {
        const y = weighted(h, row);
        return [y, y] as const;
      },
      start as Tensor,
      xs,
    ).ys as Tensor,
  );
const withRowsPlainly = (xs: Tensor): Scalar => {
  let h: Tensor = start;
  const ys: Tensor[] = [];
  for (let k = 0; k < STEPS; k++) ys.push((h = weighted(h, gather(xs, tensor(k, { dtype: "int32" })))));
  return sum(stack(ys) as Tensor);
};

const r = tensor(1.9);
const table: readonly Row[] = [
  { name: "scan, value", loop: () => scanned(r), plain: () => scannedPlainly(r) },
  { name: "scan, gradient", loop: () => grad(scanned)(r), plain: () => grad(scannedPlainly)(r) },
  { name: "whileLoop, value", loop: () => looped(r), plain: () => loopedPlainly(r) },
  { name: "whileLoop, gradient", loop: () => grad(looped)(r), plain: () => grad(loopedPlainly)(r) },
  { name: "scan over rows, value", loop: () => withRows(rows), plain: () => withRowsPlainly(rows) },
  {
    name: "scan over rows, gradient",
    loop: () => grad(withRows)(rows) as Tensor,
    plain: () => grad(withRowsPlainly)(rows) as Tensor,
  },
];

/** The shortest of several runs each, taken in turns, in milliseconds. */
function inTurns({ loop, plain }: Row, turns: number): readonly [number, number] {
  const best = [Infinity, Infinity] as [number, number];
  for (let turn = 0; turn < turns; turn++) {
    [loop, plain].forEach((run, k) => {
      const begin = performance.now();
      sink = run();
      best[k] = Math.min(best[k]!, performance.now() - begin);
    });
  }
  return best;
}

/** Validates everything to the last bit, and prints microseconds a step and their ratio. */
export function runLoops(smoke: boolean): void {
  for (const { name, loop, plain } of table) {
    const [found, expected] = [loop().toTypedArray(), plain().toTypedArray()];
    const wrong = expected.findIndex((x, i) => !Object.is(x, found[i]));
    if (wrong >= 0)
      throw new Error(
        `${name}: entry ${wrong} is ${found[wrong]!} where ${expected[wrong]!} is right; nothing is timed`,
      );
  }
  if (smoke) return console.log(`${table.length} loops validated; the times of a smoke run say nothing.`);
  console.log(`\n${STEPS} steps: microseconds a step in a loop of the library, in one of JavaScript, and their ratio`);
  for (const row of table) {
    const [loop, plain] = inTurns(row, row.name === "scan over rows, gradient" ? 5 : 60).map(
      (ms) => (ms * 1e3) / STEPS,
    ) as [number, number];
    console.log(`  ${row.name.padEnd(26)} ${loop.toFixed(3)}  ${plain.toFixed(3)}  ${(loop / plain).toFixed(2)}`);
  }
  if (sink === undefined) throw new Error("bench: nothing was computed");
}
