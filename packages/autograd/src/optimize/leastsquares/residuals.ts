/**
 * The residuals that are fitted, from the user's function: they and their exact Jacobian in numbers, eager or compiled.
 */

import { ArgumentError, DTypeError, NonFiniteError, ShapeError, showShape } from "../../errors.ts";
import { isFloat } from "../../graph/dtype.ts";
import { elementsOf } from "../../graph/read.ts";
import { withOutsideClosed, withWatch } from "../../graph/record.ts";
import { countOf, sameShape, strong } from "../../graph/shape.ts";
import { Tensor } from "../../graph/tensor.ts";
import { concat } from "../../ops/assembly.ts";
import { castTo } from "../../ops/conversion.ts";
import { reshapeTo } from "../../ops/layout.ts";
import { jacobian } from "../../transforms/matrices.ts";
import { pushForward } from "../../transforms/products.ts";
import type { AnyFunction } from "../../transforms/trace.ts";
import { flattenTree } from "../../transforms/tree.ts";
import type { Parameters } from "../parameters.ts";
import { runnerOf, type CompileChoice, type ListFunction } from "../runner.ts";
import type { System } from "./levenberg.ts";

/** A system with what its errors say. */
export interface Residuals extends System {
  /** The residuals of a tree of parameters as one vector, as derivatives around the call see them. */
  vector(tree: unknown): Tensor;
  /** The error for residuals or derivatives that are not finite at a point. */
  notFinite(x: Float64Array, where: string): NonFiniteError;
}

/**
 * The residuals of a function of a tree.
 *
 * @param op - who asks, for messages
 * @param f - gives a tensor, or a tree of tensors
 * @param own - gives its Jacobian, where the user says it
 */
export function residualsOf(
  op: string,
  f: AnyFunction,
  parameters: Parameters,
  choice: CompileChoice,
  own?: (parameters: never) => unknown,
): Residuals {
  const vectorOf = (tree: unknown): Tensor => listed(op, f(...([tree] as never[])));
  const vector = (...leaves: readonly Tensor[]): Tensor => vectorOf(parameters.rebuild(leaves));
  const argnums = parameters.leaves.map((_, k) => k);
  const blocks = jacobian(vector as (...leaves: readonly Tensor[]) => Tensor, { argnums }) as ListFunction;
  const run = (name: string, body: ListFunction): ((x: Float64Array) => readonly Tensor[]) => {
    const runner = runnerOf(`${op}: ${name}`, body, choice);
    return (x) => withOutsideClosed(() => runner(...parameters.split(x)));
  };
  const residuals = run("residuals", (...leaves) => [vector(...leaves)]);
  const rows = run("Jacobian", blocks);
  const along = runnerOf(
    `${op}: derivative`,
    (...given) => {
      const [leaves, tangents] = [given.slice(0, argnums.length), given.slice(argnums.length)];
      return [pushForward(op, vector, leaves, argnums, tangents).tangent as Tensor];
    },
    choice,
  );
  let height = 0;
  const system: System = {
    round: (x) => parameters.round(x),
    residuals: (x) => {
      const given = new Float64Array(elementsOf(residuals(x)[0]!));
      height = given.length;
      return given;
    },
    jacobian: (x) => {
      if (x.length === 0) return new Float64Array(0);
      if (own !== undefined)
        return columnsOf(
          givenBlocks(
            op,
            withOutsideClosed(() => own(parameters.tree(x) as never)),
            height,
            parameters,
          ),
          parameters,
        );
      // A sweep back for each residual costs less where there are fewer of them than parameters.
      return x.length < WIDE || height < x.length
        ? columnsOf(rows(x), parameters)
        : withOutsideClosed(() => columnsAlong(along, x, height, parameters));
    },
  };
  const watched = (x: Float64Array): void =>
    void withOutsideClosed(() => withWatch(() => blocks(...parameters.split(x))));
  return { ...system, vector: vectorOf, notFinite: (x, where) => notFinite(op, system, watched, x, where, parameters) };
}

/** All residuals as one vector of float64. */
function listed(op: string, given: unknown): Tensor {
  if (typeof given === "number") {
    throw new ArgumentError({
      op,
      problem: `the function gives the number ${given}, not a tensor`,
      hint: "a number has left the graph: compute with tensors to the end, x.mul(2) and not x.item() * 2",
    });
  }
  const { leaves, paths } = flattenTree(op, "what the function gives", given);
  leaves.forEach(({ dtype }, k) => {
    if (isFloat(dtype)) return;
    throw new DTypeError({
      op,
      problem: `the residuals${paths[k]!} are ${dtype}, which has no derivative`,
      hint: 'return float64 or float32: cast(x, "float64")',
    });
  });
  const flat = leaves.map((leaf) => castTo(reshapeTo(leaf, [countOf(leaf.shape)]), "float64"));
  if (flat.length === 0)
    throw new ArgumentError({ op, problem: "the function gives no residuals", hint: "return a tensor of residuals" });
  return flat.length === 1 ? flat[0]! : (concat(flat) as Tensor);
}

/**
 * From so many parameters on a Jacobian is taken column by column, by a program of one direction: it runs a fifth
 * longer than one of all directions, and is compiled in a tenth of the time, which dozens of Jacobians do not make up
 * for.
 */
const WIDE = 16;

/** J e_j for each parameter. What does not move is −0, which says that nothing depends on it. */
function columnsAlong(along: ListFunction, x: Float64Array, rows: number, parameters: Parameters): Float64Array {
  const out = new Float64Array(rows * x.length);
  const leaves = parameters.split(x);
  const direction = new Float64Array(x.length).fill(-0);
  for (let j = 0; j < x.length; j++) {
    direction[j] = 1;
    const tangents = parameters.split(direction).map((t) => new Tensor(strong(t.shape), t.dtype, t.storage));
    out.set(elementsOf(along(...leaves, ...tangents)[0]!), j * rows);
    direction[j] = -0;
  }
  return out;
}

/** The user's own Jacobian, a block for each leaf of the parameters. */
function givenBlocks(op: string, given: unknown, rows: number, { leaves }: Parameters): readonly Tensor[] {
  const blocks = flattenTree(op, "the jacobian", given).leaves;
  const wanted = leaves.map((leaf) => [rows, ...leaf.shape]);
  const shown = (shapes: readonly (readonly number[])[]): string => shapes.map(showShape).join(", ");
  if (blocks.length === wanted.length && blocks.every((block, k) => sameShape(block.shape, wanted[k]!))) return blocks;
  throw new ShapeError({
    op,
    problem: `the jacobian has ${shown(blocks.map(({ shape }) => shape))} where ${shown(wanted)} ${wanted.length === 1 ? "is" : "are"} needed`,
    hint: "give what jacobian(residuals) gives: a row for each residual, in the structure of the parameters",
    shapes: blocks.map(({ shape }) => shape),
  });
}

/** Blocks of shape `[rows, ...leaf]`, a leaf for each, as columns one after another. */
function columnsOf(blocks: readonly Tensor[], { size, offsets }: Parameters): Float64Array {
  const rows = blocks[0]!.shape[0]!;
  const out = new Float64Array(rows * size);
  blocks.forEach((block, k) => {
    const entries = elementsOf(block);
    const [first, width] = [offsets[k]!, offsets[k + 1]! - offsets[k]!];
    // A few rows at a time: what is written then lies together.
    for (let from = 0; from < rows; from += TOGETHER) {
      const to = Math.min(rows, from + TOGETHER);
      for (let j = 0; j < width; j++)
        for (let i = from; i < to; i++) out[(first + j) * rows + i] = entries[i * width + j]!;
    }
  });
  return out;
}

/** As many numbers as memory moves at once. */
const TOGETHER = 8;

/** Says which residual it is, or by which parameter; in anomaly mode also which op and line. */
function notFinite(
  op: string,
  system: System,
  watched: (x: Float64Array) => void,
  x: Float64Array,
  where: string,
  parameters: Parameters,
): NonFiniteError {
  const residuals = system.residuals(x);
  const bad = residuals.findIndex((one) => !Number.isFinite(one));
  const problem = `${bad >= 0 ? `residual ${bad} is ${residuals[bad]!}` : derivativeAt(system.jacobian(x), residuals.length, parameters)} ${where}`;
  const hint = "begin elsewhere, or write the function so that it has a value and a derivative there";
  try {
    watched(x);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return Object.assign(
      new NonFiniteError({ op, problem: `${problem} (${error.message.split("\n")[0]!})`, hint, at: error.at }),
      { cause: error },
    );
  }
  return new NonFiniteError({ op, problem, hint });
}

function derivativeAt(jacobian: Float64Array, rows: number, parameters: Parameters): string {
  const at = jacobian.findIndex((one) => !Number.isFinite(one));
  if (at < 0) return "the sum of squares overflows";
  return `the derivative of residual ${at % rows} by ${parameters.name(Math.floor(at / rows))} is ${jacobian[at]!}`;
}
