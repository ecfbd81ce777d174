/** Rules by hand as those of an op: run apart, given plain numbers, checked, and one derived where one is missing. */

import { GraphError } from "../errors.ts";
import type { CustomOp, Recorded } from "../graph/op.ts";
import { isTracked } from "../graph/record.ts";
import { handOver, lookAt, running, withRun } from "../graph/runs.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { describe } from "../options.ts";
import { runByHand } from "../sweep/by-hand.ts";
import { vjpFromJvp } from "../sweep/transposition.ts";
import { RuleRun, type ForwardRun } from "./custom-run.ts";

/** Rules as a user wrote them. */
interface Rules<C> {
  vjp?(cotangent: Tensor, context: C): Tensor | null | readonly (Tensor | null)[];
  jvp?(tangents: readonly (Tensor | null)[], context: C): Tensor;
}

/** The setting in which a rule runs. */
interface Setting<C> {
  readonly context: C;
  readonly forward: ForwardRun;
  /** Tensors that it is given beside what was recorded. */
  readonly beside: readonly Tensor[];
}

/** The rules of an op, which is being defined now. */
export function rulesByHand<A, C>(
  name: string,
  rules: Rules<C>,
  settingOf: (recorded: Recorded<A>, isFollowed: boolean) => Setting<C>,
): Pick<CustomOp<A>, "vjp" | "jvp"> {
  const home = running;
  const run = <X>(
    rule: "vjp" | "jvp",
    given: readonly (Tensor | null)[],
    own: readonly Tensor[],
    recorded: Recorded<A>,
    body: (context: C) => X,
  ): X => {
    const { inputs, output } = recorded;
    const isFollowed = inputs.some(isTracked);
    const { context, forward, beside } = settingOf(recorded, isFollowed);
    const handed = [...given, ...inputs, output, ...beside];
    const call = new RuleRun({ op: name, rule, forward, home, handed, isFollowed, own });
    const { result, tensors } = withRun(call, () => {
      const result = body(context);
      const tensors = (Array.isArray(result) ? (result as readonly unknown[]) : [result]).filter(isTensor);
      lookAt(tensors, "op");
      return { result, tensors };
    });
    for (const x of tensors) handOver(x, call);
    return result;
  };
  const pull = (g: Tensor, recorded: Recorded<A>): readonly (Tensor | null)[] =>
    runByHand([g], (plain, own) => {
      const shares = run("vjp", plain, own, recorded, (context) => rules.vjp!(plain[0]!, context));
      return checkShares(name, shares, recorded.inputs.length);
    });
  const push = (tangents: readonly (Tensor | null)[], recorded: Recorded<A>): Tensor =>
    runByHand(tangents, (plain, own) => [
      run("jvp", plain, own, recorded, (context) => rules.jvp!(plain, context)),
    ])[0]!;
  return {
    vjp: rules.vjp === undefined ? (g, recorded, wanted) => vjpFromJvp({ name, jvp: push }, recorded, g, wanted) : pull,
    ...(rules.jvp === undefined ? {} : { jvp: push }),
  };
}

function checkShares(name: string, shares: unknown, count: number): readonly (Tensor | null)[] {
  const list: unknown = isTensor(shares) || shares === null ? [shares] : shares;
  if (Array.isArray(list) && list.length === count) return list as readonly (Tensor | null)[];
  throw new GraphError({
    op: name,
    problem: `vjp gives ${Array.isArray(list) ? `${list.length} cotangents` : describe(list)} for ${count} inputs`,
    hint: "return one for each input, null for none",
    code: "BAD_RULE",
  });
}
