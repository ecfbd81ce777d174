// Random straight-line programs over scalars whose references favor recent values, so that depth, diamonds and repeats
// occur.

import * as fc from "fast-check";
import { rules } from "./dual-rules.ts";
import type { Instruction, OperationName, Program } from "./dual.ts";

export type { Instruction, OperationName, Program } from "./dual.ts";

/**
 * How often each operation is drawn. Those that leave their domain or explode are rare, or no long program would stay
 * finite.
 */
const weights: Readonly<Record<OperationName, number>> = {
  add: 12,
  sub: 10,
  mul: 12,
  div: 3,
  neg: 4,
  sin: 6,
  cos: 6,
  tanh: 7,
  sigmoid: 6,
  softplus: 4,
  logSigmoid: 3,
  erf: 5,
  abs: 5,
  relu: 3,
  clip: 3,
  maximum: 6,
  minimum: 6,
  sign: 1,
  detach: 1,
  exp: 3,
  log: 1,
  sqrt: 1,
  tan: 1,
  pow: 1,
  powConst: 4,
  whereLess: 2,
  whereLessEqual: 1,
  whereGreater: 2,
  whereGreaterEqual: 1,
  whereEqual: 1,
  whereNotEqual: 1,
};

export const operations = Object.keys(weights) as readonly OperationName[];

/** Each operation as often as its weight; shrinking walks toward the first, the addition. */
const drawn = operations.flatMap((op) => Array<OperationName>(weights[op]).fill(op));

const specials = [0, 1, -1, 0.5, -0.5, 20, -20, 1e-8];
const clipBounds: readonly (readonly [number, number])[] = [
  [-1, 1],
  [-20, 20],
  [-2, 0.5],
  [0, 20],
  [-20, 0],
  [-3, 3],
];
const exponents = [2, 3, 1, 0, -1, 0.5, 4, 1.5, -2];

/** Below this size a number other than the specials only probes the rounding of the reference. */
const SMALLEST = 1e-6;

const specialLeaf = fc.constantFrom(...specials);
const uniformLeaf = fc
  .integer({ min: -3_000_000, max: 3_000_000 })
  .map((n) => n / 1e6)
  .filter((x) => x === 0 || Math.abs(x) >= SMALLEST);

/** A special value or a uniform one in [−3, 3]. */
export const leafValue: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: specialLeaf, weight: 1 },
  { arbitrary: uniformLeaf, weight: 2 },
);

/** How far back an operand reaches: two times in three to one of the last three values, else to any. */
const reach = (choice: number, available: number): number => {
  const recent = choice < 128 ? choice % 3 : choice - 128;
  return recent % available;
};

const operandChoice = fc.nat(191);
const instructionChoice = fc.record({
  op: fc.nat(drawn.length - 1),
  operands: fc.tuple(operandChoice, operandChoice, operandChoice, operandChoice),
  param: fc.nat(53),
});
type InstructionChoice = typeof instructionChoice extends fc.Arbitrary<infer T> ? T : never;

const paramsOf = (op: OperationName, choice: number): readonly number[] | undefined => {
  if (op === "clip") return clipBounds[choice % clipBounds.length];
  if (op === "powConst") return [exponents[choice % exponents.length]!];
  return undefined;
};

/** The instruction that a choice stands for when `available` values precede it. */
const resolve = (choice: InstructionChoice, available: number): Instruction => {
  const op = drawn[choice.op]!;
  const operands = choice.operands.slice(0, rules[op].arity).map((back) => available - 1 - reach(back, available));
  const params = paramsOf(op, choice.param);
  return params ? { op, operands, params } : { op, operands };
};

export interface ProgramSize {
  readonly maxLeaves?: number;
  readonly maxInstructions?: number;
}

/** Programs of 1–4 leaves and 1–30 instructions, some of whose values are never used. */
export const programs = ({ maxLeaves = 4, maxInstructions = 30 }: ProgramSize = {}): fc.Arbitrary<Program> =>
  fc
    .record({
      leaves: fc.array(leafValue, { minLength: 1, maxLength: maxLeaves, size: "max" }),
      // An array with a least length never shrinks away its last entry, so the empty one is filtered out instead.
      choices: fc
        .array(instructionChoice, { maxLength: maxInstructions, size: "max" })
        .filter((choices) => choices.length > 0),
    })
    .map(({ leaves, choices }) => ({
      leaves,
      instructions: choices.map((choice, index) => resolve(choice, leaves.length + index)),
    }));
