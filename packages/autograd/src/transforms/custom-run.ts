/**
 * The runs of an op by hand: what `forward` and the rules may use, so that no derivative is lost and no number of
 * another call is taken.
 */

import { GraphError, showShape } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import { isTracked } from "../graph/record.ts";
import { isWithin, makerOf, running, type Run, type Use } from "../graph/runs.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { isTraced } from "../graph/tracing.ts";

/** A call of `forward`. What it makes is of this call alone. */
export class ForwardRun implements Run {
  readonly outer = running;
  readonly #op: string;
  /** Tensors that it may use although it is being differentiated; let go at the end. */
  #handed: readonly Tensor[];
  #isOpaque = false;

  constructor(op: string, handed: readonly Tensor[]) {
    this.#op = op;
    this.#handed = handed;
  }

  /** True if numbers were read that an outer derivative follows: what is made of them has lost it. */
  get isOpaque(): boolean {
    return this.#isOpaque;
  }

  look(inputs: readonly Tensor[], use: Use): void {
    for (const x of inputs) {
      if (use === "value" || !isTracked(x)) continue;
      if (use === "read") this.#isOpaque = true;
      else if (!this.#handed.includes(x) && !this.#made(x)) this.#refuse(x);
    }
  }

  end(): void {
    this.#handed = [];
  }

  #made(x: Tensor): boolean {
    const maker = makerOf(x);
    return maker !== undefined && isWithin(maker, this);
  }

  #refuse(x: Tensor): never {
    throw new GraphError({
      op: this.#op,
      problem: `forward uses a tensor of shape ${showShape(x.shape)} that is being differentiated and is no input, so that its derivative would be lost`,
      hint: "hand it in as an input, or hold it constant with stopGradient",
      code: "CAPTURED",
      shapes: [x.shape],
    });
  }
}

/** The call for which a rule runs. */
export interface RuleCall {
  readonly op: string;
  readonly rule: "vjp" | "jvp";
  /** The call of `forward` whose derivative it is. */
  readonly forward: ForwardRun;
  /** The run in which the op was defined: what that made may be captured. */
  readonly home: Run | null;
  /** The tensors that the rule is given. */
  readonly handed: readonly (Tensor | null)[];
  /** True if a derivative of the rule may be asked for, by what the op was applied to. */
  readonly isFollowed: boolean;
  /** Tensors that an outer derivative does not follow although they are recorded. */
  readonly own: readonly Tensor[];
}

/** A run of a rule. */
export class RuleRun implements Run {
  readonly outer = running;
  readonly #call: RuleCall;

  constructor(call: RuleCall) {
    this.#call = call;
  }

  look(inputs: readonly Tensor[], use: Use): void {
    const { handed, forward, isFollowed } = this.#call;
    for (const x of inputs) {
      if (use === "read") this.#checkRead(x);
      const maker = makerOf(x);
      if (maker === undefined || handed.includes(x) || this.#belongs(maker)) continue;
      if (!isWithin(maker, forward)) this.#refuse(x, "was made in another call");
      else if (isFollowed || (x.storage === null && !isTraced(x)))
        this.#refuse(x, "forward made and kept outside, where no outer derivative follows it");
    }
  }

  /** True if what a run made may be used: what is made here, and what was there when the rule or the op was written. */
  #belongs(maker: Run): boolean {
    return isWithin(maker, this) || isWithin(this, maker) || isWithin(this.#call.home, maker);
  }

  #checkRead(x: Tensor): void {
    const { op, rule, own } = this.#call;
    if (!isTracked(x) || own.some((one) => one.node!.scope === x.node!.scope)) return;
    throw new GraphError({
      op,
      problem: `${rule} reads the numbers of a tensor of shape ${showShape(x.shape)} that an outer derivative follows, and would lose it`,
      hint: "write the rule in the library's ops, or take no derivative of it",
      code: "OPAQUE",
      shapes: [x.shape],
    });
  }

  #refuse(x: Tensor, problem: string): never {
    const { op, rule } = this.#call;
    throw new GraphError({
      op,
      problem: `${rule} uses a tensor of shape ${showShape(x.shape)} that ${problem}`,
      hint: `return it as a residual: forward: (x) => [output, residuals], ${rule}: (${rule === "vjp" ? "g" : "tangents"}, { residuals }) => …`,
      code: "STALE",
      shapes: [x.shape],
    });
  }
}

/** Refuses residuals that an outer derivative cannot follow, since `forward` made them of numbers that it had read. */
export function refuseOpaque(op: string, forward: ForwardRun, leaves: readonly (Tensor | number)[]): void {
  if (!forward.isOpaque) return;
  const lost = leaves.find((x) => typeof x === "number" || (isTensor(x) && isFloat(x.dtype) && !isTracked(x)));
  if (lost === undefined) return;
  throw new GraphError({
    op,
    problem:
      "forward has read the numbers of its inputs, and an outer derivative does not follow the residuals that it made of them",
    hint: "compute the residuals in the library's ops, or compute what the rule needs from its inputs",
    code: "OPAQUE",
  });
}
