/**
 * The while of a compiled function: condition and body traced once; forward it is another while, and in reverse a scan
 * of branches.
 */

import type { Bound, Control, Part } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import type { Looped, Recorded, Share } from "../graph/op.ts";
import { isTracked, withoutRecording } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isFloat } from "../graph/dtype.ts";
import { closeBodies, recordBody, replay } from "./control-body.ts";
import { traceCond } from "./control-cond.ts";
import { isFollowed } from "./control-derive.ts";
import { controlOp, partOf, partsOf, wholeOf } from "./control-op.ts";
import {
  alongWith,
  pull as pullScan,
  push as pushScan,
  scanOp,
  traceScan,
  type Scan,
  type StepResult,
  type TracedScan,
} from "./control-scan.ts";

export type While = Extract<Control, { kind: "while" }>;

/**
 * The same loop with a value kept of each step that it may take; `places` are those of its inputs among the inputs of
 * the loop.
 */
export interface Twin {
  readonly control: Scan;
  readonly places: readonly number[];
}

const twins = new WeakMap<While, Twin>();

/** The scan that keeps the steps of a loop, where a derivative of it may be asked for. */
export function twinOf(control: While): Twin | undefined {
  return twins.get(control);
}

/** Traces a loop that ends when its condition does not hold. */
export function traceWhile(
  bound: Bound,
  condition: (carry: readonly Tensor[]) => Tensor,
  step: (carry: readonly Tensor[]) => readonly Tensor[],
  initial: readonly Tensor[],
): Tensor[] {
  const recordings = [
    recordBody("whileLoop", initial, (carry) => [condition(carry)]),
    recordBody("whileLoop", initial, (carry) => step(carry)),
  ];
  const {
    bodies: [test, body],
    captured,
  } = closeBodies(recordings);
  const control: While = { kind: "while", carries: initial.length, bound, condition: test!, body: body! };
  const inputs = [...initial, ...captured];
  if (bound.most > 0 && inputs.some(isTracked)) {
    const scan = withoutRecording(() => bounded(control, inputs));
    twins.set(control, {
      control: scan.control,
      places: scan.inputs.map((x, k) => (k < initial.length ? k : inputs.indexOf(x, initial.length))),
    });
  }
  const whole = wholeOf(whileOp, control, inputs);
  return body!.results.map((_, k) => partOf(whole, k));
}

/** As many steps as there may be at most, which do nothing once the condition does not hold. */
function bounded({ carries, condition, body, bound }: While, inputs: readonly Tensor[]): TracedScan {
  const captured = inputs.slice(carries);
  const step = (carry: readonly Tensor[]): StepResult => {
    const point = [...carry, ...captured];
    const next = (): Tensor[] => body.results.map(replay(body, point));
    const gate = replay(condition, point)(condition.results[0]!);
    return { carry: traceCond(gate, next, () => carry), ys: [], gate };
  };
  return traceScan({ length: bound.most, backwards: false, swept: false }, step, inputs.slice(0, carries), []);
}

/**
 * Values as they are, refused where the condition holds on the carry that stands among the inputs. A loop that nobody
 * has bounded goes on from there, to be counted.
 */
function ended(
  { carries, condition, body, bound }: While,
  inputs: readonly Tensor[],
  values: readonly Tensor[],
): readonly Tensor[] {
  const captured = inputs.slice(carries);
  const holds = (list: readonly Tensor[]): Tensor =>
    replay(condition, [...list.slice(0, carries), ...captured])(condition.results[0]!);
  const step = (list: readonly Tensor[]): readonly Tensor[] =>
    bound.room === null
      ? list
      : [
          ...body.results.slice(0, carries).map(replay(body, [...list.slice(0, carries), ...captured])),
          ...list.slice(carries),
        ];
  return traceWhile({ ...bound, most: 0, before: bound.before + bound.most }, holds, step, [
    ...inputs.slice(0, carries),
    ...values,
  ]).slice(carries);
}

/**
 * The record of the twin of a loop as it would have been in the loop's place, and its inputs among those of the loop.
 */
function asScan(recorded: Recorded<Looped<While>>): {
  readonly places: readonly number[];
  readonly recorded: Recorded<Looped<Scan>>;
  readonly last: readonly Tensor[];
} {
  const { inputs, output, attributes, line } = recorded;
  const { control, places } = twins.get(attributes.control)!;
  const part = partsOf(recorded);
  const last = attributes.control.body.results.map((_, k) => part(-1 - k));
  return {
    places,
    recorded: { inputs: places.map((k) => inputs[k]!), output, attributes: { ...attributes, control, part }, line },
    last: [...last, ...inputs.slice(attributes.control.carries)],
  };
}

function pull(
  cotangents: ReadonlyMap<Part, Tensor>,
  recorded: Recorded<Looped<While>>,
  wanted: readonly boolean[],
  before: (k: number) => Tensor | null,
): readonly Share[] {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const { bound } = control;
  const given = [...cotangents].flatMap(([k, g]) =>
    typeof k === "number" && !(k < 0 && cotangents.has(-1 - k)) ? [[k < 0 ? -1 - k : k, g] as const] : [],
  );
  // The cotangents pass through the check, so that it is made where only they are asked for.
  const checked = (at: readonly Tensor[]): readonly (readonly [number, Tensor])[] => {
    const passed = ended(
      control,
      at,
      given.map(([, g]) => g),
    );
    return given.map(([k], i) => [k, passed[i]!] as const);
  };
  if (bound.most === 0) {
    // What was looked at is a 0 more, so that the check is made in every derivative.
    const looked = inputs
      .slice(0, control.carries)
      .flatMap((x, k) => (wanted[k] === true && !cotangents.has(k) ? [[k, droppedLike(x)] as const] : []));
    given.push(...looked);
    return checked(inputs)
      .filter(([k]) => wanted[k] === true)
      .map(([input, value]) => ({ input, value, isTotal: false }));
  }
  const { places, recorded: scan, last } = asScan(recorded);
  const passed = given.length === 0 ? [] : checked(last);
  const shares = pullScan(
    new Map<Part, Tensor>([...[...cotangents].filter(([of]) => typeof of !== "number"), ...passed]),
    scan,
    places.map((k) => wanted[k]!),
    (k) => before(places[k]!),
  );
  return shares.map((share) => ({ ...share, input: places[share.input]! }));
}

function push(tangents: readonly (Tensor | null)[], recorded: Recorded<Looped<While>>): (part: Part) => Tensor | null {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const { bound } = control;
  const carried = inputs.slice(0, control.carries).flatMap(({ dtype }, k) => (isFloat(dtype) ? [k] : []));
  const passing = (tangentOf: (k: number) => Tensor | null, at: readonly Tensor[]): ((k: number) => Tensor | null) => {
    const moving = carried.filter((k) => tangentOf(k) !== null);
    const passed = ended(
      control,
      at,
      moving.map((k) => tangentOf(k)!),
    );
    return (k) => passed[moving.indexOf(k)] ?? null;
  };
  const once = <T>(make: () => T): (() => T) => {
    let made: { readonly value: T } | null = null;
    return () => (made ??= { value: make() }).value;
  };
  const kept = once(() => {
    const { places, recorded: scan, last } = asScan(recorded);
    const pushed = pushScan(
      places.map((k) => tangents[k]!),
      scan,
    );
    return { pushed, results: once(() => passing(pushed, last)) };
  });
  const along = once(() =>
    bound.most === 0
      ? passing((k) => tangents[k] ?? droppedLike(inputs[k]!), inputs)
      : pushAlong(control, inputs, tangents, carried),
  );
  return (part) => {
    if (typeof part !== "number") return kept().pushed(part);
    if (part < 0) return kept().pushed(-1 - part);
    return bound.most > 0 && isFollowed(recorded, tangents) ? kept().results()(part) : along()(part);
  };
}

// c' = f(c, w)     ċ' = f'(c, w)(ċ, ẇ), along with c, while the condition on c holds
function pushAlong(
  { carries, condition, body, bound }: While,
  inputs: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
  carried: readonly number[],
): (k: number) => Tensor | null {
  const captured = inputs.slice(carries);
  const moving = inputs.flatMap((_, k) => (k >= carries && tangents[k] !== null ? [k] : []));
  const step = (carry: readonly Tensor[]): Tensor[] => {
    const along = [...carry.slice(carries), ...moving.map((k) => tangents[k]!)];
    const pushed = alongWith(body, [...carry.slice(0, carries), ...captured], [...carried, ...moving], along);
    return [...pushed.results, ...carried.map((k) => pushed.tangents[k] ?? droppedLike(body.results[k]!))];
  };
  const holds = (carry: readonly Tensor[]): Tensor =>
    replay(condition, [...carry.slice(0, carries), ...captured])(condition.results[0]!);
  const found = traceWhile(bound, holds, step, [
    ...inputs.slice(0, carries),
    ...carried.map((k) => tangents[k] ?? droppedLike(inputs[k]!)),
  ]);
  return (k) => (carried.includes(k) ? found[carries + carried.indexOf(k)]! : null);
}

/** Finds values of steps: in the twin, which is made when the first of them is asked for. */
function elsewhere(control: While, inputs: readonly Tensor[]): ((part: Part) => Tensor | null) | null {
  const twin = twins.get(control);
  if (twin === undefined) return null;
  let whole: Tensor | null = null;
  return (part) => {
    if (typeof part === "number" && part >= 0) return null;
    whole ??= withoutRecording(() =>
      wholeOf(
        scanOp,
        twin.control,
        twin.places.map((k) => inputs[k]!),
      ),
    );
    return partOf(whole, typeof part === "number" ? -1 - part : part);
  };
}

const whileOp = controlOp<While>("whileLoop", { pull, push, elsewhere });
