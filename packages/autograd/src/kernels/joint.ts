/**
 * A formula of several results over operands that broadcast, entry by entry: what the results share is computed once.
 * Plain loops where there is little to do, vectors in WebAssembly where there is much, as `entries.ts` has it of one.
 */

import type { DType, Elements } from "../graph/dtype.ts";
import type { Shape } from "../types/shape.ts";
import { forEachRow, forEachRows, type Rows } from "./broadcast.ts";
import { areBlocksWorthwhile, dtypes } from "./elementwise.ts";
import type { LaneOperand } from "./lanes/forms.ts";
import type { Lanes, LaneType } from "./lanes/lanes.ts";
import { numberLanes } from "./lanes/number-lanes.ts";
import { SourceLanes, writeSource, type Term } from "./lanes/source-lanes.ts";
import { generated } from "./loops.ts";
import { externals } from "./special.ts";
import { vectorKernels, type JointBlockLoop } from "./vectors.ts";

/** Several results of numbers of one type. */
export interface JointFormula {
  readonly type: LaneType;
  readonly operands: number;
  readonly results: number;
  readonly read: <V, M>(l: Lanes<V, M>, ...operands: V[]) => readonly V[];
}

/** Fills `outs[k][at … at+count)`; operands have a memory, an offset and a step each. */
type JointRun = (
  outs: readonly Elements[],
  at: number,
  count: number,
  memory: readonly Elements[],
  offsets: readonly number[],
  steps: readonly number[],
) => void;

function sourceOf({ type, operands, read }: JointFormula): string {
  const l = new SourceLanes(type);
  const names = Array.from({ length: operands }, (_, k) => `x${k}`);
  const results = read(l, ...names.map((name) => l.variable(name)));
  // What stands behind all results writes them.
  const last: Term = {
    id: Infinity,
    operands: results,
    write: (...texts) => texts.map((text, k) => `out${k}[at + i] = ${text};`).join(" "),
    choice: false,
    plain: false,
  };
  const { statements, result } = writeSource(last);
  const each = (text: (name: string, k: number) => string): string => names.map(text).join(" ");
  return `return function loop(outs, at, count, memory, offsets, steps) {
    const ${results.map((_, k) => `out${k} = outs[${k}]`).join(", ")};
    ${each((name, k) => `const ${name}s = memory[${k}], ${name}Step = steps[${k}]; let ${name}At = offsets[${k}];`)}
    for (let i = 0; i < count; i++) {
      ${each((name) => `const ${name} = ${name}s[${name}At]; ${name}At += ${name}Step;`)}
      ${statements}
      ${result}
    }
  };`;
}

/** The same without generated code: the formula read with numbers at every entry. */
function interpreted({ type, read }: JointFormula): JointRun {
  const l = numberLanes(type, externals);
  return (outs, at, count, memory, offsets, steps) => {
    for (let i = 0; i < count; i++) {
      const results = read(l, ...memory.map((numbers, k) => numbers[offsets[k]! + i * steps[k]!]!));
      results.forEach((x, k) => (outs[k]![at + i] = x));
    }
  };
}

const value = <V, M>(operand: LaneOperand<V, M>): V => (operand as { readonly value: V }).value;

/** A formula of several results, ready to be run over memory. */
export class JointLoop {
  readonly #formula: JointFormula;
  readonly #plain: JointRun;
  #blocks: JointBlockLoop | null | undefined;
  #awaited = 0;

  constructor(formula: JointFormula) {
    this.#formula = formula;
    this.#plain = generated<JointRun>(() => sourceOf(formula)) ?? interpreted(formula);
  }

  /** The vectors, where so many entries are worth it. */
  #blocksFor(count: number): JointBlockLoop | null {
    const vectors = vectorKernels();
    if (vectors === null || this.#blocks === null || !areBlocksWorthwhile(count, (this.#awaited += count))) return null;
    if (this.#blocks === undefined) {
      const { type, operands, results, read } = this.#formula;
      const list = Array.from({ length: operands }, (_, k) => k);
      this.#blocks = vectors.makeJointBlockLoop({
        operands: list.map((): DType => dtypes[type]),
        used: list,
        result: dtypes[type],
        results,
        read: (l, given) => read(l, ...given.map(value)).map((x) => ({ value: x })),
      });
    }
    return this.#blocks;
  }

  /** Fills results of a shape from operands whose shapes broadcast to it. */
  broadcast(outs: readonly Elements[], shape: Shape, memory: readonly Elements[], shapes: readonly Shape[]): void {
    forEachRows(shape, shapes, (group: Rows) => {
      const blocks = this.#blocksFor(group.rows * group.size);
      if (blocks !== null) return blocks(outs, group, memory);
      forEachRow(group, (at, count, offsets, steps) => this.#plain(outs, at, count, memory, offsets, steps));
    });
  }
}
