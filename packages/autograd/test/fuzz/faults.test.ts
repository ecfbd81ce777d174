/** The fuzz must see: each of these faults, planted in an op or in the sweep, is found within a few hundred graphs. */

import { afterAll, describe, expect, it } from "vitest";
import {
  abs,
  broadcastTo,
  clip,
  concat,
  cos,
  div,
  erf,
  exp,
  flip,
  gather,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  norm,
  pad,
  pow,
  relu,
  reshape,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  where,
  type Tensor,
} from "../../src/index.ts";
import type { ElementwiseOp, Op, Partial } from "../../src/graph/op.ts";
import { Accumulator } from "../../src/sweep/accumulator.ts";
import { programs } from "../oracles/fuzz-program.ts";
import { report } from "../report.ts";
import { compareFirst } from "./compare.ts";
import { fuzz, plantedSeed, type Outcome } from "./runs.ts";
import { compareFirst as compareTensors } from "./tensor-compare.ts";
import { tensorPrograms } from "./tensor-program.ts";

/** Plants a fault and gives back what removes it. */
type Plant = () => () => void;

/** Changes an op until it is called back; loops made from the former rule are forgotten either way. */
const changed =
  (op: ElementwiseOp, change: () => () => void): Plant =>
  () => {
    const restore = change();
    op.loops.length = 0;
    return () => {
      restore();
      op.loops.length = 0;
    };
  };

const partial = ({ op }: { readonly op: ElementwiseOp }, input: number, faulty: Partial): Plant => {
  const partials = op.partials as Partial[];
  return changed(op, () => {
    const right = partials[input]!;
    partials[input] = faulty;
    return () => (partials[input] = right);
  });
};

const value = ({ op }: { readonly op: ElementwiseOp }, faulty: (...inputs: number[]) => number): Plant => {
  const open = op as { value: ElementwiseOp["value"] };
  return changed(op, () => {
    const right = open.value;
    open.value = faulty;
    return () => (open.value = right);
  });
};

const overwriting: Plant = () => {
  const right = Object.getOwnPropertyDescriptor(Accumulator.prototype, "addNumber")!;
  const add = right.value as Accumulator["addNumber"];
  Object.defineProperty(Accumulator.prototype, "addNumber", {
    ...right,
    value(this: Accumulator, ...[place, share, dtype]: Parameters<Accumulator["addNumber"]>) {
      this.release(place);
      add.call(this, place, share, dtype);
    },
  });
  return () => Object.defineProperty(Accumulator.prototype, "addNumber", right);
};

const faults: Readonly<Record<string, Plant>> = {
  "sin′ has the wrong sign": partial(sin, 0, (m, x) => m.neg(m.cos(x!))),
  "cos′ lacks its sign": partial(cos, 0, (m, x) => m.sin(x!)),
  "the product rule takes the operand itself": partial(mul, 0, (_, a) => a!),
  "a difference adds the cotangent of its second operand": partial(sub, 1, 1),
  "a quotient forgets one division": partial(div, 1, (m, _, __, y) => m.neg(y!)),
  "exp′ is off by one percent": partial(exp, 0, (m, _, y) => m.mul(1.01, y!)),
  "log′ is off by one part in a million": partial(log, 0, (m, x) => m.div(1.000001, x!)),
  "√′ lacks the factor one half": partial(sqrt, 0, (m, _, y) => m.div(1, y!)),
  "tanh′ is 1 − y": partial(tanh, 0, (m, _, y) => m.sub(1, y!)),
  "σ′ is y² instead of y (1 − y)": partial(sigmoid, 0, (m, _, y) => m.mul(y!, y!)),
  "softplus′ is mirrored": partial(softplus, 0, (m, x) => m.sigmoid(m.neg(x!))),
  "erf′ has a rounded constant": partial(erf, 0, (m, x) => m.mul(1.1284, m.exp(m.neg(m.mul(x!, x!))))),
  "a power forgets to lower its exponent": partial(pow, 0, (m, a, b) => m.mul(b!, m.pow(a!, b!))),
  "|x|′ is 1 at 0": partial(abs, 0, (m, x) => m.where(m.greaterEqual(x!, 0), 1, -1)),
  "relu′ is 1 at 0": partial(relu, 0, { gate: (m, x) => m.greaterEqual(x!, 0) }),
  "a tie of maximum goes to the first": partial(maximum, 0, (m, a, b) => m.where(m.greaterEqual(a!, b!), 1, 0)),
  "clip drops the gradient at its bounds": partial(clip, 0, {
    gate: (m, x, low, high) => m.and(m.greater(x!, low!), m.less(x!, high!)),
  }),
  "where hands its cotangent to the other branch": partial(where, 1, { gate: (m, c) => m.not(c!) }),
  "cos is off by one part in a million million": value(cos, (x) => Math.cos(x!) * (1 + 1e-12)),
  "a second cotangent overwrites the first": overwriting,
};

/** The op that a call records last. */
const recordedBy = (call: (x: Tensor) => Tensor): Op =>
  call(
    tensor(
      [
        [1, 2],
        [3, 5],
      ],
      { requiresGrad: true },
    ),
  ).node!.op;

/** Ops whose reverse rule is a function of tensors. */
const ruled: readonly Op[] = [
  recordedBy((x) => sum(x)),
  recordedBy((x) => mean(x)),
  recordedBy((x) => broadcastTo(x, [2, 2, 2])),
  recordedBy((x) => reshape(x, [4])),
  recordedBy((x) => transpose(x)),
  recordedBy((x) => slice(x, [1])),
  recordedBy((x) => pad(x, [1, 1])),
  recordedBy((x) => concat([x, x])),
  recordedBy((x) => flip(x)),
  recordedBy((x) => gather(x, [0])),
  // Its last op is the addition of what was scattered.
  recordedBy((x) => scatterAdd(tensor([[0, 0]]), [0, 0], x).node!.inputs[1]!),
  recordedBy((x) => matmul(x, x)),
  recordedBy((x) => max(x, 0, { keepDims: true })),
  recordedBy((x) => min(x, 0, { keepDims: true })),
  recordedBy((x) => norm(x, 0, { keepDims: true })),
  recordedBy((x) => logSumExp(x, 0, { keepDims: true })),
  recordedBy((x) => softmax(x)),
  recordedBy((x) => logSoftmax(x)),
];

/** Makes the cotangents of an op's first input too large by one part in a thousand. */
const loosened =
  (op: Op): Plant =>
  () => {
    const larger = (share: Tensor): Tensor => mul(share, 1.001);
    const first = (shares: readonly (Tensor | null)[]): (Tensor | null)[] =>
      shares.map((share, k) => (k === 0 && share !== null ? larger(share) : share));
    switch (op.kind) {
      case "linear": {
        const right = op.transpose.bind(op);
        op.transpose = (...given) => first(right(...given));
        return () => (op.transpose = right);
      }
      case "bilinear": {
        const right = op.transposeLeft.bind(op);
        op.transposeLeft = (...given) => larger(right(...given));
        return () => (op.transposeLeft = right);
      }
      case "custom": {
        const right = op.vjp!.bind(op);
        op.vjp = (...given) => first(right(...given));
        return () => (op.vjp = right);
      }
      default:
        throw new TypeError(`${op.name} has no rule of tensors`);
    }
  };

/** The rarest of them, relu at exactly 0 on a path that counts, comes up about once in a thousand graphs. */
const ENOUGH = 20_000;

describe("a planted fault is found", () => {
  let most = 0;

  const expectFound = (name: string, plant: Plant, search: () => Outcome<unknown>): void => {
    const remove = plant();
    try {
      const { failure, graphs } = search();
      expect(failure, name).not.toBeNull();
      most = Math.max(most, graphs);
    } finally {
      remove();
    }
  };

  it.each(Object.keys(faults))("where %s", (name) =>
    expectFound(name, faults[name]!, () => fuzz(programs(), compareFirst, ENOUGH, true, plantedSeed)),
  );

  it.each(ruled)("where the reverse rule of $name is off by one part in a thousand", (op) =>
    expectFound(op.name, loosened(op), () => fuzz(tensorPrograms, compareTensors, ENOUGH, true, plantedSeed)),
  );

  it("and none remains", () => {
    expect(fuzz(programs(), compareFirst, 2000).failure).toBeNull();
    expect(fuzz(tensorPrograms, compareTensors, 200).failure).toBeNull();
  });

  afterAll(() => {
    const count = Object.keys(faults).length + ruled.length;
    report(
      "planted faults",
      count,
      `${count} faults planted in the engine, each found by the fuzz within ${most} graphs`,
    );
  });
});
