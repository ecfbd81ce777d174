/** A loop or a branch in a program: its bodies as values of their own, and which of its inputs they read where. */

import { countsSteps, type Body, type Bound, type Control, type Leaf, type Part } from "../../graph/control.ts";
import { elementsOf } from "../../graph/read.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Builder } from "./builder.ts";
import { lowerOrigin } from "./lower-origin.ts";
import { RESULT, sourceOf, type Output, type Value } from "./value.ts";

/**
 * A body as values. Its k-th parameter is the state k: memory that is filled before the body runs and that it does not
 * change.
 */
export interface BuiltBody {
  /** Its values; more of them may be made. */
  readonly builder: Builder;
  readonly values: readonly Value[];
  readonly results: readonly Value[];
}

/** A parameter of the body of a scan that is a row of an array. */
export interface Row extends Leaf {
  readonly parameter: number;
}

/** A loop or a branch whose bodies are built. Equal ones with equal inputs are one object. */
export interface BuiltControl {
  readonly id: number;
  readonly control: Control;
  /** The body of a scan; the condition and the body of a while; both branches of a cond. */
  readonly bodies: readonly BuiltBody[];
  /** The value of a scan's body that says whether a step does anything; `null` where each does. */
  readonly gate: Value | null;
  /** Inputs that lie in memory. */
  readonly inputs: readonly Value[];
  /** For each input its place among those; -1 where every body holds it as a number. */
  readonly places: readonly number[];
  /** The parameters that are rows of a scan. */
  readonly rows: readonly Row[];
}

/** The graphs of a loop or a branch, and how many inputs stand before the parameters that all of them take. */
export function bodiesOf(control: Control): { readonly bodies: readonly Body[]; readonly before: number } {
  switch (control.kind) {
    case "scan":
      return { bodies: [control.body], before: 0 };
    case "while":
      return { bodies: [control.condition, control.body], before: 0 };
    case "cond":
      return { bodies: [control.onTrue, control.onFalse], before: 1 };
  }
}

/** How many parameters are what is carried from step to step: the first. */
export function carriesOf(control: Control): number {
  return control.kind === "cond" ? 0 : control.carries;
}

/** The parameters of a scan that are rows. */
function rowsOf(control: Control): Row[] {
  if (control.kind !== "scan") return [];
  const { body, carries, rows } = control;
  return body.parameters
    .slice(carries, carries + rows)
    .map(({ shape, dtype }, k) => ({ parameter: carries + k, shape, dtype }));
}

/** The scan that a value is given by; `null` where there is none. */
export function scanOf({ definition }: Value): BuiltControl | null {
  return definition.kind === "control" && definition.built.control.kind === "scan" ? definition.built : null;
}

/** A loop or a branch as it was asked for: where its parts are in what equal ones share. */
export interface Whole {
  readonly built: BuiltControl;
  readonly inputs: readonly Value[];
  /** For each body the values of its tensors, by their numbers. */
  readonly ids: readonly ReadonlyMap<Tensor, number>[];
}

/** Builds the bodies. The key is equal for loops that do the same to the same inputs. */
export function buildControl(
  control: Control,
  inputs: readonly Value[],
  makeBuilder: () => Builder,
): {
  readonly key: string;
  readonly built: Omit<BuiltControl, "id">;
  readonly ids: Whole["ids"];
} {
  const { bodies, before } = bodiesOf(control);
  const carries = carriesOf(control);
  // One number that no step changes is a constant of the body.
  const held = inputs.map(({ definition }, k) =>
    definition.kind === "scalar" && k >= before + carries ? definition.number : null,
  );
  const texts: string[] = [];
  const ids: ReadonlyMap<Tensor, number>[] = [];
  let gate: Value | null = null;
  const built = bodies.map((body, at) => {
    const builder = makeBuilder();
    const parameters = body.parameters.map(({ shape, dtype }, k) => {
      const number = held[k + before] ?? null;
      return number === null ? builder.state(k, shape, dtype) : builder.repeat(number, shape, dtype);
    });
    const isCondition = control.kind === "while" && at === 0;
    const values = build(builder, body, parameters);
    const results = body.results.map((x, k) =>
      settle(builder, values.get(x)!, !isCondition && k < carries ? carries : 0, k),
    );
    if (control.kind === "scan") gate = gateOf(builder, control, values);
    texts.push(builder.text, results.map(({ id }) => id).join());
    ids.push(new Map([...values].map(([x, { id }]) => [x, id])));
    return { builder, values: builder.values, results };
  });
  const kept = inputs.filter((_, k) => held[k] === null);
  const form =
    control.kind === "scan"
      ? `${control.length} ${control.backwards} ${control.rows} ${(gate as Value | null)?.id}`
      : control.kind === "while"
        ? formOf(control.bound)
        : "";
  return {
    key: [control.kind, form, carries, inputs.map(({ id }) => id).join(), ...texts].join("\n"),
    built: {
      control,
      bodies: built,
      gate,
      inputs: kept,
      places: inputs.map((x, k) => (held[k] === null ? kept.indexOf(x) : -1)),
      rows: rowsOf(control),
    },
    ids,
  };
}

/** The end of a while, which tells apart those that compute the same. */
function formOf(bound: Bound): string {
  const isFree = bound.room !== null && !countsSteps(bound);
  return isFree ? "free" : `${bound.most} ${bound.before} ${bound.room !== null}`;
}

/** The gate of a scan, where it is not known beforehand. */
function gateOf(
  builder: Builder,
  { gate }: Extract<Control, { kind: "scan" }>,
  values: ReadonlyMap<Tensor, Value>,
): Value | null {
  const value = gate === null ? undefined : values.get(gate);
  return value === undefined || value.definition.kind === "scalar" ? null : builder.dense(value);
}

/** A part of a loop or a branch as a value: an output of it, or, of the rows that go into a scan, these. */
export function outputOf({ built, inputs, ids }: Whole, control: Control, part: Part): Output | Value {
  if (typeof part === "number") return { kind: "result", index: part };
  const row = control.kind === "scan" ? control.body.parameters.indexOf(part, control.carries) : -1;
  if (row >= 0) return inputs[row]!;
  const body = ids.findIndex((one) => one.has(part));
  const { builder, values } = built.bodies[body]!;
  return { kind: "kept", body, value: builder.dense(values[ids[body]!.get(part)!]!) };
}

/** The values of a body. */
function build(builder: Builder, body: Body, parameters: readonly Value[]): ReadonlyMap<Tensor, Value> {
  const values = new Map<Tensor, Value>(body.parameters.map((x, k) => [x, parameters[k]!]));
  const resolve = (x: Tensor): Value => {
    const found = values.get(x) ?? builder.constant(x.shape, x.dtype, elementsOf(x));
    values.set(x, found);
    return found;
  };
  for (const { tensor, origin } of body.steps) {
    if (origin.kind === "alias" || origin.kind === "op")
      values.set(tensor, lowerOrigin(builder, origin, tensor.dtype, resolve));
  }
  builder.origin = RESULT;
  body.results.forEach(resolve);
  return values;
}

/** A result in row-major memory. One that is carried on is copied where it lies in what another one is carried in. */
function settle(builder: Builder, value: Value, carries: number, own: number): Value {
  const dense = builder.dense(value);
  const { definition } = sourceOf(dense).source;
  return definition.kind === "state" && definition.index < carries && definition.index !== own
    ? builder.result(dense)
    : dense;
}
