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

/** Rules of an op with several results, as a user wrote them. */
interface SeveralRules<C> {
  vjp?(cotangents: readonly (Tensor | null)[], context: C): Tensor | null | readonly (Tensor | null)[];
  jvp?(tangents: readonly (Tensor | null)[], context: C): readonly (Tensor | null)[];
}

/** The setting in which a rule runs. */
interface Setting<C> {
  readonly context: C;
  readonly forward: ForwardRun;
  /** Tensors that it is given beside the inputs. */
  readonly beside: readonly Tensor[];
}

/** The rules that are there, given cotangents or tangents and what was recorded. */
export interface HandRules<R> {
  readonly pull: ((gs: readonly (Tensor | null)[], recorded: R) => readonly (Tensor | null)[]) | null;
  readonly push: ((tangents: readonly (Tensor | null)[], recorded: R) => readonly (Tensor | null)[]) | null;
}

/** The rules of an op with several results, which is being defined now. */
export function severalByHand<R extends { readonly inputs: readonly Tensor[] }, C>(
  name: string,
  rules: SeveralRules<C>,
  settingOf: (recorded: R, isFollowed: boolean) => Setting<C>,
): HandRules<R> {
  const home = running;
  const run = <X>(
    rule: "vjp" | "jvp",
    given: readonly (Tensor | null)[],
    own: readonly Tensor[],
    recorded: R,
    body: (context: C) => X,
  ): X => {
    const { inputs } = recorded;
    const isFollowed = inputs.some(isTracked);
    const { context, forward, beside } = settingOf(recorded, isFollowed);
    const handed = [...given, ...inputs, ...beside];
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
  return {
    pull:
      rules.vjp === undefined
        ? null
        : (gs, recorded) =>
            runByHand(gs, (plain, own) => {
              const shares = run("vjp", plain, own, recorded, (context) => rules.vjp!(plain, context));
              return checkShares(name, shares, recorded.inputs.length);
            }),
    push:
      rules.jvp === undefined
        ? null
        : (tangents, recorded) =>
            runByHand(tangents, (plain, own) =>
              run("jvp", plain, own, recorded, (context) => rules.jvp!(plain, context)),
            ),
  };
}

/** The rules of an op with one result, which is being defined now. */
export function rulesByHand<A, C>(
  name: string,
  rules: Rules<C>,
  settingOf: (recorded: Recorded<A>, isFollowed: boolean) => Setting<C>,
): Pick<CustomOp<A>, "vjp" | "jvp"> {
  const { pull, push } = severalByHand<Recorded<A>, C>(
    name,
    {
      ...(rules.vjp === undefined ? {} : { vjp: ([g], context) => rules.vjp!(g!, context) }),
      ...(rules.jvp === undefined ? {} : { jvp: (tangents, context) => [rules.jvp!(tangents, context)] }),
    },
    settingOf,
  );
  const forward = push === null ? {} : { jvp: (t: readonly (Tensor | null)[], at: Recorded<A>) => push(t, at)[0]! };
  return {
    vjp:
      pull === null
        ? (g, recorded, wanted) => vjpFromJvp({ name, ...forward }, recorded, g, wanted)
        : (g, recorded) => pull([g], recorded),
    ...forward,
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
