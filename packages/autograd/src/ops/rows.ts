/** The rows of an array, one at a time, and rows put above each other: what loops take and give. */

import type { Elements } from "../graph/dtype.ts";
import type { LinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { isTracked } from "../graph/record.ts";
import { checkShape, countOf, stridesOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import type { Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { embedBox, sliceAxis } from "./assembly.ts";
import { reshapeTo } from "./layout.ts";

/** Row `k` of memory, as a tensor of the shape of a row. */
function rowFrom(memory: Elements, k: number, shape: Shape, dtype: Tensor["dtype"]): Tensor {
  const count = countOf(shape);
  return new Tensor(shape, dtype, shape.length === 0 ? memory[k]! : memory.slice(k * count, (k + 1) * count));
}

// y[i…] = x[k, i…]        xᵀ: the cotangent in row k
const rowOp: LinearOp<{ readonly row: number }> = {
  kind: "linear",
  name: "row",
  needs: "nothing",
  evaluate: ([x], { row }) => rowFrom(elementsOf(x!), row, x!.shape.slice(1), x!.dtype),
  transpose(g, { inputs: [x], attributes: { row } }) {
    const box = { shape: [1, ...g.shape], starts: [row, ...g.shape.map(() => 0)], steps: [1, ...g.shape.map(() => 1)] };
    return [embedBox(reshapeTo(g, box.shape), box, x!.shape)];
  },
  lower(l, [x], { row }) {
    const shape = l.shapeOf(x!).slice(1);
    return l.view(x!, shape, { offset: row * countOf(shape), strides: stridesOf(shape) });
  },
};

/**
 * The rows of an array, as they are asked for. The cotangent of a row is an array as high as what it is cut out of:
 * where one may be asked for, rows are cut out of blocks, so that all of them together take the height to the power of
 * 3/2.
 */
export function rowsOf(x: Tensor): (row: number) => Tensor {
  const height = x.shape[0]!;
  if (!isTracked(x)) {
    const [memory, shape] = [elementsOf(x), x.shape.slice(1)];
    return (row) => rowFrom(memory, row, shape, x.dtype);
  }
  const size = Math.ceil(Math.sqrt(height));
  const blocks: Tensor[] = [];
  return (row) => {
    const block = Math.floor(row / size);
    blocks[block] ??= sliceAxis(x, 0, block * size, Math.min(height, (block + 1) * size));
    return apply(rowOp, [blocks[block]!], { row: row - block * size });
  };
}

// y[k, i…] = x_k[i…]        each transpose: its row of the cotangent
const stackRowsOp: LinearOp<null> = {
  kind: "linear",
  name: "stack",
  needs: "nothing",
  evaluate(rows) {
    const { shape, dtype } = rows[0]!;
    const whole = checkShape("stack", [rows.length, ...shape]);
    const out = allocateUnwritten(dtype, countOf(whole));
    const count = countOf(shape);
    if (shape.length === 0) for (let k = 0; k < rows.length; k++) out[k] = rows[k]!.storage as number;
    else for (let k = 0; k < rows.length; k++) out.set(elementsOf(rows[k]!), k * count);
    return new Tensor(whole, dtype, out);
  },
  transpose: (g, { inputs }, wanted) =>
    inputs.map((_, k) => (wanted[k] === true ? apply(rowOp, [g], { row: k }) : null)),
  lower(l, rows) {
    const shape = l.shapeOf(rows[0]!);
    const whole = [rows.length, ...shape];
    const strides = stridesOf(whole);
    return l.assemble(
      whole,
      l.dtypeOf(rows[0]!),
      rows.map((x, k) => ({ value: l.reshape(x, [1, ...shape]), view: { offset: k * strides[0]!, strides } })),
    );
  },
};

/** Rows of one shape and type above each other; at least one. */
export function stackRows(rows: readonly Tensor[]): Tensor {
  return apply(stackRowsOp, rows, null);
}
