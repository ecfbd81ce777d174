/**
 * Answers of somebody's code, of which nothing is believed: numbers are made numbers, texts are cut, and what has
 * another form is refused.
 */

import type { GraphTold, TimesTold, ValuesTold } from "../../../sandbox/inside/loss.ts";
import { record } from "../../../sandbox/record.ts";

const MOST_NUMBERS = 4096;
const MOST_TEXT = 400_000;

const list = (value: unknown): unknown[] =>
  Array.isArray(value) && value.length <= MOST_NUMBERS ? (value as unknown[]) : [];
const numbers = (value: unknown): number[] => list(value).map(Number);
const text = (value: unknown): string => String(value).slice(0, MOST_TEXT);

export function valuesFrom(given: unknown): ValuesTold {
  const { names, point, value, gradient, hessian } = record(given);
  return {
    names: list(names).map(text),
    point: numbers(point),
    value: Number(value),
    gradient: numbers(gradient),
    hessian: hessian === null ? null : list(hessian).map(numbers),
  };
}

export const graphFrom = (given: unknown): GraphTold => ({
  svg: text(record(given)["svg"]),
  text: text(record(given)["text"]),
});

export function timesFrom(given: unknown): TimesTold {
  const { eager, compiled, first, because } = record(given);
  return {
    eager: Number(eager),
    compiled: compiled === null ? null : Number(compiled),
    first: Number(first),
    because: text(because),
  };
}
