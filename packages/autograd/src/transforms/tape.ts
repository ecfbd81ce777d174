/** The tape habit: tensors made with `requiresGrad`, `loss.backward()`, and the gradient in `.grad`. */

import { ArgumentError, DTypeError, GraphError, ShapeError, showShape } from "../errors.ts";
import { TAPE, type Node } from "../graph/node.ts";
import { gradientSlot, withSweptAgain, withTapeClosed, type GradientSlot } from "../graph/record.ts";
import { sameShape, SCALAR } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { refuseLeaked, tracing } from "../graph/tracing.ts";
import { add } from "../ops/arithmetic.ts";
import { annul } from "../ops/marks.ts";
import { orderOf } from "../sweep/order.ts";
import { reverseSweep } from "../sweep/reverse.ts";

/** How `backward` seeds and leaves the graph. */
export interface BackwardOptions {
  /** The cotangent of the tensor, in its shape; 1 for a scalar. */
  readonly seed?: Tensor;
  /** Keep the graph, so that `backward` can run again. */
  readonly retainGraph?: boolean;
  /** Record the sweep, so that the gradients can be differentiated again; keeps the graph as well. */
  readonly createGraph?: boolean;
}

const backwardKinds: OptionKinds<BackwardOptions> = {
  seed: { takes: "a tensor in the shape of the result", type: "object", accepts: isTensor, Refusal: ArgumentError },
  retainGraph: option.flag,
  createGraph: option.flag,
};

/** The tape leaves on which a node depends, and every node on the way. */
function behind(root: Node): { leaves: Node[]; nodes: Node[] } {
  const leaves: Node[] = [];
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (node.scope === TAPE && node.op.kind === "leaf" && node.attributes !== null) leaves.push(node);
    for (const input of node.inputs) if (input.node !== null) seen.add(input.node);
  }
  return { leaves: leaves.sort((a, b) => a.id - b.id), nodes: [...seen] };
}

const freed = new WeakSet<Node>();

/**
 * Refuses to run under a trace. What is traced runs later and again; a gradient that is left or cleared beside it would
 * be so once, and of no number.
 */
function refuseUnderTrace(op: string, hint: string): void {
  const trace = tracing();
  if (trace === null) return;
  const where =
    trace.name === "scan" ? "while scan learns the shapes of its outputs" : `while ${trace.name} is compiled`;
  throw new GraphError({ op, problem: `gradients are not left in .grad ${where}`, hint, code: "TRACED" });
}

/** The node of a tensor on the tape. */
function nodeOf(x: Tensor): Node {
  const { node } = x;
  if (node === null || node.scope !== TAPE) {
    throw new GraphError({
      op: "backward",
      problem:
        node === null
          ? "this tensor was not computed from anything that requires a gradient"
          : "this tensor belongs to a transform, not to the tape",
      hint: "make parameters with tensor(…, { requiresGrad: true }) before you compute with them, or use grad(f)",
      code: "NO_GRAD",
    });
  }
  return node;
}

/** Refuses a seed that does not fit, and none where one is needed. */
function checkSeed(x: Tensor, seed: Tensor | undefined): void {
  if (seed === undefined) {
    if (x.shape.length === 0) return;
    throw new ShapeError({
      op: "backward",
      problem: `a tensor of shape ${showShape(x.shape)} has no single derivative`,
      hint: "reduce it to a scalar, or give a seed of its shape",
      code: "NON_SCALAR",
      shapes: [x.shape],
    });
  }
  refuseLeaked("backward", seed);
  if (!sameShape(seed.shape, x.shape)) {
    throw new ShapeError({
      op: "backward",
      problem: `the seed has shape ${showShape(seed.shape)} and the tensor ${showShape(x.shape)}`,
      hint: "give the seed the shape of the tensor",
      shapes: [seed.shape, x.shape],
    });
  }
  if (seed.dtype !== x.dtype) {
    throw new DTypeError({
      op: "backward",
      problem: `the seed is ${seed.dtype} and the tensor ${x.dtype}`,
      hint: `cast(seed, "${x.dtype}")`,
    });
  }
}

/**
 * Sweeps back from `x` and adds ∂x/∂w to `w.grad` of every tensor made with `requiresGrad` on which `x` depends.
 *
 * The graph is freed afterwards, unless it is asked to be kept.
 *
 * @param x - a scalar, or any tensor with a `seed`
 * @throws GraphError: `NON_SCALAR` without a seed, `NO_GRAD` where nothing requires a gradient, `GRAPH_FREED` the
 * second time, `TRACED` inside a compiled function
 */
export function backward(x: Tensor, options?: BackwardOptions): void;
export function backward(x: Tensor, options?: BackwardOptions, extra?: unknown): void {
  const call = "backward(x, { seed, retainGraph, createGraph })";
  refuseExtra("backward", extra, call);
  if (!isTensor(x))
    throw new ArgumentError({
      op: "backward",
      problem: `the first argument is ${describe(x)}, not a tensor`,
      hint: "hand in the loss",
    });
  const { seed, retainGraph = false, createGraph = false } = checkOptions("backward", options, backwardKinds, { call });
  refuseUnderTrace(
    "backward",
    "use grad or valueAndGrad inside, and return the gradient; or call backward outside of the compiled function",
  );
  refuseLeaked("backward", x);
  const node = nodeOf(x);
  checkSeed(x, seed);
  const { leaves, nodes } = behind(node);
  if (nodes.some((one) => freed.has(one))) {
    throw new GraphError({
      op: "backward",
      problem: "the graph behind this tensor was freed by an earlier backward",
      hint: "compute the loss again, or call backward({ retainGraph: true }) the first time",
      code: "GRAPH_FREED",
    });
  }
  const start = seed !== undefined ? annul(seed) : new Tensor(SCALAR, x.dtype, 1);
  const sweep = (): (Tensor | null)[] => reverseSweep(orderOf([node], leaves), [start], { plain: true });
  const shares = createGraph ? withSweptAgain(sweep) : withTapeClosed(sweep);
  const accumulate = (): void => {
    leaves.forEach((leaf, k) => {
      const slot = leaf.attributes as GradientSlot;
      const share = shares[k];
      if (share === null || share === undefined) return;
      slot.gradient = slot.gradient === null ? share : add(slot.gradient, share);
    });
  };
  if (createGraph) accumulate();
  else withTapeClosed(accumulate);
  if (retainGraph || createGraph) return;
  for (const one of nodes) {
    if (one.op.kind === "leaf" && one.attributes !== null) continue;
    one.inputs = [];
    freed.add(one);
  }
}

/** The gradient that `backward` left; `null` before, and for a tensor that does not require one. */
export function gradientOf(x: Tensor): Tensor | null {
  return gradientSlot(x)?.gradient ?? null;
}

/** Forgets the gradient, so that the next `backward` begins anew. */
export function zeroGrad(x: Tensor, extra?: unknown): void {
  refuseExtra("zeroGrad", extra, "zeroGrad()");
  refuseUnderTrace("zeroGrad", "call it outside of the compiled function");
  const slot = gradientSlot(x);
  if (slot === null) {
    throw new GraphError({
      op: "zeroGrad",
      problem: "this tensor does not require a gradient",
      hint: "make it with tensor(…, { requiresGrad: true })",
      code: "NO_GRAD",
    });
  }
  slot.gradient = null;
}
