/**
 * Where a loss is computed, as somebody writes it: numbers, lists and records; as a list of named numbers, and as the
 * arguments.
 */

import { at, reshape, slice, tensor, type Tensor } from "@chainrule/autograd";

type Tree = Tensor | readonly Tree[] | { readonly [name: string]: Tree };

interface Leaf {
  readonly from: number;
  readonly shape: readonly number[];
}

type Form = Leaf | readonly Form[] | { readonly record: Readonly<Record<string, Form>> };

/** A point of a loss. */
export interface Point {
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  /** The arguments that entries of one vector make. */
  readonly from: (vector: Tensor<[number]>) => readonly Tree[];
  readonly given: readonly Tree[];
}

const isNumbers = (value: unknown): boolean =>
  typeof value === "number" || (Array.isArray(value) && value.length > 0 && value.every(isNumbers));

const shapeOf = (value: unknown): number[] => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

class Reading {
  readonly names: string[] = [];
  readonly numbers: number[] = [];

  read(value: unknown, name: string): Form {
    if (isNumbers(value)) {
      const leaf = { from: this.numbers.length, shape: shapeOf(value) };
      this.entries(value, name);
      return leaf;
    }
    if (typeof value !== "object" || value === null)
      throw new TypeError(
        `point: ${name === "" ? "it" : name} is ${value === null ? "null" : typeof value}: write numbers, lists and records of them`,
      );
    if (Array.isArray(value)) return value.map((one, k) => this.read(one, `${name}[${k}]`));
    return {
      record: Object.fromEntries(
        Object.entries(value).map(([key, one]) => [key, this.read(one, name === "" ? key : `${name}.${key}`)]),
      ),
    };
  }

  private entries(value: unknown, name: string): void {
    if (Array.isArray(value))
      value.forEach((one, k) => {
        this.entries(one, name.endsWith("]") ? `${name.slice(0, -1)}, ${k}]` : `${name}[${k}]`);
      });
    else {
      this.names.push(name);
      this.numbers.push(value as number);
    }
  }
}

function built(form: Form, vector: Tensor<[number]>): Tree {
  if (Array.isArray(form)) return form.map((one: Form) => built(one, vector));
  if ("record" in form)
    return Object.fromEntries(Object.entries(form.record).map(([name, one]) => [name, built(one, vector)]));
  const { from, shape } = form as Leaf;
  if (shape.length === 0) return at(vector, from) as Tensor;
  const count = shape.reduce((product, size) => product * size, 1);
  return reshape(slice(vector as Tensor, [from], [from + count]) as Tensor, shape as number[]) as Tensor;
}

/**
 * Numbers beside each other are several arguments, a record is one; a list of `parameters` long is as many as the loss
 * takes.
 */
export function pointOf(value: unknown, loss: (...given: never[]) => unknown): Point {
  const reading = new Reading();
  const several = Array.isArray(value) && (value.length === loss.length || !isNumbers(value));
  const named = parameterNames(loss);
  const form = (several ? (value as unknown[]) : [value]).map((one, k) =>
    reading.read(one, isRecord(one) ? "" : (named[k] ?? `x${k + 1}`)),
  );
  const from = (vector: Tensor<[number]>): readonly Tree[] => form.map((one) => built(one, vector));
  return {
    names: reading.names,
    numbers: reading.numbers,
    from,
    given: from(tensor(reading.numbers) as Tensor<[number]>),
  };
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** The names in the head of a function; nothing for those that are taken apart there. */
function parameterNames(f: (...given: never[]) => unknown): (string | undefined)[] {
  const head = /^(?:async\s+)?(?:function\s*\w*\s*)?\(?([^)=]*)/.exec(String(f))?.[1] ?? "";
  return head.includes("{") || head.includes("[") ? [] : head.split(",").map((name) => /^\s*(\w+)\s*$/.exec(name)?.[1]);
}
