/**
 * Derivatives without subtraction: f′(x) = Im f(x + ih) / h, read off the recorded graph evaluated at complex numbers.
 */

import type { Node } from "../graph/node.ts";
import type { Region } from "../graph/control.ts";
import type { ElementwiseOp, PartAttributes } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { withAllKept, withoutRecording } from "../graph/record.ts";
import { countOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { forEachRun } from "../kernels/broadcast.ts";
import { add } from "../ops/arithmetic.ts";
import type { Order } from "../sweep/order.ts";
import { orderBetween, trace } from "../transforms/trace.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Argnums } from "../transforms/signatures.ts";
import type { AnyFunction } from "../transforms/trace.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import { complexReduction, wrap } from "./complex-reductions.ts";
import { complexRule } from "./complex-rules.ts";
import { STEP } from "./finite-difference.ts";
import { dense, unitOf, type Probe } from "./probes.ts";
import { join, sizeOf, splitLike, subjectOf, type Subject } from "./subject.ts";

/**
 * The imaginary step, near 1e-100: no digit is lost to subtraction however small it is, its square is nothing even
 * beside a large derivative, and a power of two scales without rounding.
 */
const H = 2 ** -332;

/** A function that was run once with all its values kept. */
export interface Tape {
  readonly order: Order;
  readonly outputs: readonly Tensor[];
  readonly leaves: readonly Tensor[];
  /** True if some value on the way is float32. */
  readonly single: boolean;
}

/** The derivative along one direction. */
export interface ComplexDerivative {
  /** One number for each number of the results. */
  readonly derivative: Float64Array;
  /**
   * Σ |products along the paths of the graph|: what rounding errors of the derivative are relative to; `null` if not
   * known.
   */
  readonly majorant: Float64Array | null;
  /** Why there is no derivative by this method; `null` where there is. */
  readonly refused: string | null;
  /** An op that lies exactly at its kink; `null` where none does. */
  readonly exactKink: string | null;
  /**
   * An op that lies exactly at its kink, whether or not it leaves it along this direction: its second derivative is a
   * choice.
   */
  readonly touching: string | null;
  /** An op whose kink lies within reach of differences; `null` where none does. */
  readonly near: string | null;
}

/** Runs a function and keeps every value. */
export function tapeOf(subject: Subject): Tape {
  const { leaves, result } = withAllKept(() =>
    trace("gradientCheck", subject.run as (given: never) => unknown, [subject.leaves], [0]),
  );
  const outputs = result as readonly Tensor[];
  const order = orderBetween(leaves, outputs);
  return { order, outputs, leaves, single: order.nodes.some((node) => node.output.dtype === "float32") };
}

/** Stands beside a recorded real value: its imaginary part, and the majorant of it. */
interface Beside {
  readonly imaginary: Tensor;
  readonly majorant: Tensor;
}

/** Told of an op with a kink: how far its input is from it, and by how much the imaginary step changes that. */
type Kinked = (node: Node, distance: number, rate: number) => void;

/** A reason to stop, carried out of the loop. */
class Refusal extends Error {}

/** Evaluates a tape at x + ih·direction. */
export function complexAlong(tape: Tape, direction: Probe): ComplexDerivative {
  const { order, outputs, leaves } = tape;
  const full = dense(direction, sizeOf(leaves));
  const reach = 10 * STEP * (typeof direction === "number" ? unitOf(join(leaves)[direction]!) : 1);
  const rows = sizeOf(outputs);
  let exactKink: string | null = null;
  let near: string | null = null;
  let touching: string | null = null;
  const kinked = (node: Node, distance: number, rate: number): void => {
    if (distance === 0) touching ??= node.op.name;
    if (rate === 0) return;
    if (distance === 0) exactKink ??= node.op.name;
    else if (distance <= (reach * rate) / H) near ??= node.op.name;
  };
  try {
    const known = withoutRecording(() => replay(order, leaves, full, kinked));
    const gather = (part: keyof Beside): Float64Array => {
      const all = join(
        outputs.map((y, k) => known[order.outputs[k]!]?.[part] ?? wrap(y.shape, new Float64Array(countOf(y.shape)))),
      );
      return all.map((x) => x / H);
    };
    const [derivative, majorant] = [gather("imaginary"), gather("majorant")];
    const finite = derivative.every(Number.isFinite) && majorant.every(Number.isFinite);
    const refused =
      exactKink !== null
        ? `${exactKink as string} is at its kink`
        : finite
          ? null
          : "the function has a pole or an edge here";
    return { derivative, majorant: finite ? majorant : null, refused, exactKink, touching, near };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      derivative: new Float64Array(rows).fill(NaN),
      majorant: null,
      refused: error.message,
      exactKink,
      touching,
      near,
    };
  }
}

/**
 * How much rounding there is in the values of a function: the magnitudes of all values on the way, each carried to the
 * results along the paths of the graph. `null` where an op is not known at complex numbers.
 */
export function sizesOf(tape: Tape): Float64Array | null {
  const { order, outputs, leaves } = tape;
  try {
    const known = withoutRecording(() => replay(order, leaves, new Float64Array(sizeOf(leaves)), () => {}, true));
    const sizes = join(outputs.map((y, k) => known[order.outputs[k]!]?.majorant ?? magnitude(y, H)));
    return sizes.every(Number.isFinite) ? sizes.map((x) => x / H) : null;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** |x|·scale, entry by entry. */
function magnitude(x: Tensor, scale: number): Tensor {
  const numbers = elementsOf(x);
  const sizes = new Float64Array(numbers.length);
  for (let i = 0; i < sizes.length; i++) sizes[i] = Math.abs(numbers[i]!) * scale;
  return wrap(x.shape, sizes);
}

/**
 * The imaginary part and the majorant of every node; with `rounding`, each value adds its own magnitude to the
 * majorant.
 */
function replay(
  order: Order,
  leaves: readonly Tensor[],
  direction: Float64Array,
  kinked: Kinked,
  rounding = false,
): (Beside | null)[] {
  const { nodes, edges, starts } = order;
  const known = new Array<Beside | null>(nodes.length).fill(null);
  const wide = leaves.map((x) => new Tensor(x.shape, "float64", null));
  const seeds = splitLike(
    direction.map((x) => x * H),
    wide,
  );
  const sizes = splitLike(
    direction.map((x) => Math.abs(x) * H),
    wide,
  );
  let first = 0;
  order.wanted.forEach((place, k) => {
    // What nothing is asked of is a constant here, and no op behind it need be known.
    const moves = rounding || elementsOf(sizes[k]!).some((x: number) => x !== 0);
    if (place >= 0 && moves) known[place] = { imaginary: seeds[k]!, majorant: sizes[k]! };
    first = Math.max(first, place + 1);
  });
  for (let i = first; i < nodes.length; i++) {
    const node = nodes[i]!;
    const beside = node.inputs.map((_, k) => (edges[starts[i]! + k]! >= 0 ? known[edges[starts[i]! + k]!]! : null));
    if (!beside.some((b) => b !== null)) continue;
    const now = step(node, beside, kinked);
    // A leaf in the middle of a graph only hands on.
    known[i] =
      rounding && node.op.kind !== "leaf" ? { ...now, majorant: add(now.majorant, magnitude(node.output, H)) } : now;
  }
  return known;
}

function step(node: Node, beside: readonly (Beside | null)[], kinked: Kinked): Beside {
  const { op, inputs, attributes, output } = node;
  const zeros = (k: number): Tensor => wrap(inputs[k]!.shape, new Float64Array(countOf(inputs[k]!.shape)));
  const both = (compute: (part: keyof Beside) => Tensor): Beside => ({
    imaginary: compute("imaginary"),
    majorant: compute("majorant"),
  });
  switch (op.kind) {
    case "elementwise":
      return elementwise(op, node, beside, kinked);
    case "linear":
      // The complex numbers here are float64 throughout, so that a cast between float types is the identity.
      if (op.name === "cast") return beside[0]!;
      return both((part) =>
        op.evaluate(
          inputs.map((_, k) => beside[k]?.[part] ?? zeros(k)),
          attributes,
        ),
      );
    case "bilinear": {
      // (a + iu)(b + iv) = ab - uv + i (av + ub)
      const real = inputs.map(widen);
      const size = real.map((x) => magnitude(x, 1));
      const product = (part: keyof Beside, [a, b]: readonly Tensor[]): Tensor => {
        const [u, v] = [beside[0]?.[part], beside[1]?.[part]];
        const terms = [
          v === undefined ? null : op.evaluate([a!, v], attributes),
          u === undefined ? null : op.evaluate([u, b!], attributes),
        ];
        const [one, other] = terms.filter((term) => term !== null);
        return other === undefined ? one! : add(one!, other);
      };
      return { imaginary: product("imaginary", real), majorant: product("majorant", size) };
    }
    case "custom": {
      const rule = complexReduction(op.name, attributes);
      if (rule === undefined) throw new Refusal(`${op.name} has a rule by hand`);
      const { imaginary, majorant } = beside[0]!;
      const { nearest, ...reduced } = rule.reduce(widen(inputs[0]!), imaginary, majorant, widen(output), rule.axes);
      kinked(node, nearest, 1);
      return reduced;
    }
    case "leaf":
      return beside[0]!;
    case "control":
    case "part":
      throw new Refusal(`${op.name} ${partWords((attributes as PartAttributes).control)}`);
  }
}

/** Why what gives several tensors is not read at complex numbers. */
function partWords({ kind }: Region): string {
  if (kind === "several") return "has a rule by hand";
  return kind === "checkpoint" ? "is computed again" : "is in a compiled function";
}

/** The same numbers as float64. */
function widen(x: Tensor): Tensor {
  return wrap(x.shape, Float64Array.from(elementsOf(x)));
}

function elementwise(op: ElementwiseOp, node: Node, beside: readonly (Beside | null)[], kinked: Kinked): Beside {
  const rule = complexRule(op);
  if (rule === undefined) throw new Refusal(`${op.name} is not known at complex numbers`);
  const { shape } = node.output;
  const [imaginary, majorant] = [new Float64Array(countOf(shape)), new Float64Array(countOf(shape))];
  const memory = node.inputs.map((x, k) => ({
    re: elementsOf(x),
    im: beside[k] === null ? null : elementsOf(beside[k]!.imaginary),
    size: beside[k] === null ? null : elementsOf(beside[k]!.majorant),
  }));
  forEachRun(
    shape,
    node.inputs.map((x) => x.shape),
    (at, count, offsets, steps) => {
      const place = (k: number, i: number): number => offsets[k]! + i * steps[k]!;
      const re = (k: number, i: number): number => memory[k]?.re[place(k, i)] ?? 0;
      const im = (k: number, i: number): number => memory[k]?.im?.[place(k, i)] ?? 0;
      for (let i = 0; i < count; i++) {
        const [x, y, z, u, v, w] = [re(0, i), re(1, i), re(2, i), im(0, i), im(1, i), im(2, i)];
        imaginary[at + i] = rule.imaginary(x, u, y, v, z, w);
        const kink = rule.kink?.(x, u, y, v, z, w);
        if (kink !== undefined) kinked(node, ...kink);
        let sum = 0;
        memory.forEach(({ size }, k) => {
          const m = size?.[place(k, i)] ?? 0;
          // Exactly at a kink a rule may share among the sides, none of which is steeper than 1.
          if (kink?.[0] === 0) sum += m;
          else if (m !== 0) sum += Math.abs(rule.imaginary(x, k === 0 ? m : 0, y, k === 1 ? m : 0, z, k === 2 ? m : 0));
        });
        majorant[at + i] = sum;
      }
    },
  );
  return { imaginary: wrap(shape, imaginary), majorant: wrap(shape, majorant) };
}

/** Of which arguments the complex step is taken. */
export interface ComplexJacobianOptions {
  /** The position of the argument, or several; all that are made of float tensors and numbers where nothing is said. */
  readonly argnums?: Argnums;
}

const kinds: OptionKinds<ComplexJacobianOptions> = { argnums: option.argnums };

/** Derivatives of a function at a point by the complex step. */
export interface ComplexJacobian {
  /** One row for each number of the result, one column for each number of the arguments; `null` where it is refused. */
  readonly jacobian: Tensor<[number, number]> | null;
  /** Why there is none: the op that does not continue to complex numbers; `null` where there is one. */
  readonly refused: string | null;
}

/**
 * The derivatives of a function by the complex step, to the last digits: the recorded graph is evaluated at complex
 * numbers, and no rule of differentiation is used. Functions with kinks are taken on their side of the kink; refused by
 * name are ops with a rule by hand, and points that lie exactly at a kink, at a pole or at the edge of a domain.
 *
 * @param f - a function of tensors, numbers, or trees of them; gives a tensor or a tree
 * @param args - the point
 * @param options - `argnums`: which arguments; all that are made of float tensors and numbers where nothing is said
 * @returns the Jacobian, or the reason why there is none
 *
 * @example
 * complexJacobian((x: Tensor<[]>) => exp(x), [0]).jacobian?.toArray() // => [[1]]
 */
export function complexJacobian<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<LooseAll<P>>,
  options?: ComplexJacobianOptions,
): ComplexJacobian;
export function complexJacobian(
  f: AnyFunction,
  args: readonly unknown[],
  options?: ComplexJacobianOptions,
  extra?: unknown,
): ComplexJacobian {
  const call = "complexJacobian(f, [x, y], { argnums })";
  refuseExtra("complexJacobian", extra, call);
  const { argnums } = checkOptions("complexJacobian", options, kinds, { call });
  const subject = subjectOf("complexJacobian", f, args, argnums);
  const tape = tapeOf(subject);
  const [rows, columns] = [sizeOf(subject.value), sizeOf(subject.leaves)];
  const numbers = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    const { derivative, refused } = complexAlong(tape, j);
    if (refused !== null) return { jacobian: null, refused };
    derivative.forEach((value, i) => (numbers[i * columns + j] = value));
  }
  return { jacobian: new Tensor([rows, columns], "float64", numbers), refused: null };
}
