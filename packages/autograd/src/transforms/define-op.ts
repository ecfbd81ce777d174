/** defineOp: an op of a user's own, by what it is made of and how it is differentiated. */

import { ArgumentError } from "../errors.ts";
import { isWeak, type Tensor } from "../graph/tensor.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import { apply } from "../ops/apply.ts";
import { besideType } from "../ops/conversion.ts";
import { asTensor } from "../ops/elementwise.ts";
import type { Outline } from "../graph/shapes-only.ts";
import { Checked } from "../primitives/checked.ts";
import { opOf, severalOpOf, type OpDefinition, type SeveralDefinition } from "./own-op.ts";
import { applySeveral } from "./several.ts";

const definitionKinds: OptionKinds<Omit<SeveralDefinition, "results"> & { readonly results?: number }> = {
  name: option.text,
  inputs: option.whole(1),
  results: option.whole(1),
  options: option.record,
  lower: option.callback,
  vjp: option.callback,
  jvp: option.callback,
  transpose: option.callback,
};

/**
 * Makes an op that is read in all ways that the library's own are: it computes, knows its shapes in a trace, is a part
 * of programs, runs for a batch in `vmap`, is drawn by its name, and is differentiated to any order by its rule, in
 * both modes. Its value is written in primitives: `p.map(exp, x)` is a function of the library entry by entry, `p.view`
 * a walk through memory, `p.reduce`, `p.matmul`, `p.take` and so on what they are called.
 *
 * The rule is written in the library's ops, and is what a derivative reads: nothing is taken from the primitives.
 * `gradientCheck` finds one that does not fit the value.
 *
 * @param definition - `name`, `inputs`, `lower`, `vjp` or `jvp` or both, or of a linear op `transpose`, and `options`;
 * `results` where it gives several tensors: then `lower` gives a list, and rules take and give lists
 * @returns a function of so many tensors or numbers, and of the options where there are some
 * @throws ArgumentError, DTypeError, ShapeError, IndexRangeError, when it is called, for primitives that do not fit
 * what they are given; GraphError (`BAD_RULE`) for a result of a rule that does not fit
 *
 * @example
 * const hypot = defineOp({
 *   name: "hypot",
 *   inputs: 2,
 *   lower: (p, [x, y]) => p.map(sqrt, p.map(add, p.map(mul, x!, x!), p.map(mul, y!, y!))),
 *   vjp: (g, { inputs: [x, y], output }) => [g.mul(x!.div(output)), g.mul(y!.div(output))],
 * })
 * hypot(3, 4).item() // => 5
 * grad((x: Tensor<[]>) => hypot(x, 4) as Tensor<[]>)(3).item() // => 0.6
 */
export function defineOp<O extends object = object>(
  definition: SeveralDefinition<O>,
): (...inputs: (Tensor | number | O)[]) => readonly Tensor[];
export function defineOp<O extends object = object>(
  definition: OpDefinition<O>,
): (...inputs: (Tensor | number | O)[]) => Tensor;
export function defineOp(
  definition: OpDefinition | SeveralDefinition,
  extra?: unknown,
): (...inputs: unknown[]) => Tensor | readonly Tensor[] {
  refuseExtra("defineOp", extra, HOW);
  const name = checkDefinition(definition);
  const run = definition.results === undefined ? runOne(definition) : runSeveral(definition);
  const { inputs: count, options: kinds } = definition;
  const call = `${name}(${Array.from({ length: count }, (_, k) => `x${k}`).join(", ")}${kinds === undefined ? "" : ", { … }"})`;
  return (...args) => {
    const isGiven = kinds !== undefined && args.length > count;
    const options = isGiven
      ? checkOptions(name, args[count] as object | undefined, kinds as OptionKinds<object>, { call })
      : {};
    const rest = args.slice(0, isGiven ? count : args.length);
    if (rest.length !== count || args.length > count + 1)
      throw new ArgumentError({ op: name, problem: `${rest.length} inputs for ${count}`, hint: `write ${call}` });
    const list = besideOthers(
      name,
      rest.map((x) => asTensor(name, x)),
    );
    const checked = new Checked(name);
    return run(
      list,
      options,
      checked,
      list.map((x) => checked.own(x)),
    );
  };
}

const HOW = "defineOp({ name, inputs, results, lower, vjp, jvp, transpose, options })";

/** Looks at a definition, and gives its name. */
function checkDefinition(definition: OpDefinition | SeveralDefinition | undefined): string {
  const given = checkOptions("defineOp", definition as SeveralDefinition | undefined, definitionKinds, { call: HOW });
  const { name, inputs, lower, transpose, vjp, jvp } = given as Partial<SeveralDefinition>;
  if (name === undefined || inputs === undefined || lower === undefined)
    throw new ArgumentError({
      op: name ?? "defineOp",
      problem: "a name, inputs and lower are needed",
      hint: `write ${HOW}`,
    });
  const isLinear = transpose !== undefined;
  if (isLinear === (vjp !== undefined || jvp !== undefined))
    throw new ArgumentError({
      op: name,
      problem: isLinear ? "there is a transpose and another rule" : "there is no rule",
      hint: "give a vjp or a jvp, in the library's ops, or of a linear op its transpose alone",
    });
  return name;
}

/** A call on checked inputs, which `own` are to the reading that looks at the primitives. */
type Run<R> = (inputs: readonly Tensor[], options: object, checked: Checked, own: readonly Outline[]) => R;

function runOne(definition: OpDefinition): Run<Tensor> {
  const op = opOf(definition);
  return (inputs, options, checked, own) => {
    checked.check("the result", definition.lower(checked, own, options));
    return apply(op, inputs, options);
  };
}

function runSeveral(definition: SeveralDefinition): Run<readonly Tensor[]> {
  const op = severalOpOf(definition);
  const { name, results } = definition;
  return (inputs, options, checked, own) => {
    const list: unknown = definition.lower(checked, own, options);
    if (!Array.isArray(list) || list.length !== results)
      throw new ArgumentError({
        op: name,
        problem: `lower gives ${Array.isArray(list) ? `${list.length} values` : describe(list)} for ${results} results`,
        hint: "return a list of them",
      });
    list.forEach((x, k) => checked.check(`result ${k}`, x as Outline));
    return applySeveral(op, inputs, options);
  };
}

/** Numbers of the caller in the type of the tensors beside them. */
function besideOthers(name: string, inputs: readonly Tensor[]): readonly Tensor[] {
  const typed = inputs.find((x) => !isWeak(x));
  return typed === undefined ? inputs : inputs.map((x) => besideType(name, x, typed.dtype));
}
