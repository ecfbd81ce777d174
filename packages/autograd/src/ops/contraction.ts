/** Products that sum over a shared axis: matrix products, dot and outer products. */

import { DTypeError, ShapeError, showShape } from "../errors.ts";
import type { BilinearOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { broadcastShapes, checkShape, countOf, sameShape } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { forEachRun } from "../kernels/broadcast.ts";
import { matmul as multiply, type Absorbing, type Dropping } from "../kernels/matmul.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Dot, MatMul, Outer } from "../types/matmul.ts";
import type { Guard, Result, Shape } from "../types/shape.ts";
import { apply } from "./apply.ts";
import { mul } from "./arithmetic.ts";
import { floatTensor, sumOver } from "./expansion.ts";
import { reshapeTo } from "./layout.ts";

interface Product {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** The side that drops terms, where an operand is a cotangent or a tangent. */
  readonly absorbing: Absorbing;
}

/** The last two sizes of a product of matrices, and the size that is summed over. */
function sizesOf(
  a: Shape,
  b: Shape,
  { transposeA, transposeB }: Product,
): { m: number; k: number; inner: number; n: number } {
  const [aRows, aColumns] = [a[a.length - 2]!, a[a.length - 1]!];
  const [bRows, bColumns] = [b[b.length - 2]!, b[b.length - 1]!];
  return {
    m: transposeA ? aColumns : aRows,
    k: transposeA ? aRows : aColumns,
    inner: transposeB ? bColumns : bRows,
    n: transposeB ? bRows : bColumns,
  };
}

// Y = A B        dA = G Bᵀ        dB = Aᵀ G        (and their mirror images where an operand is taken transposed)
const matmulOp: BilinearOp<Product> = {
  kind: "bilinear",
  name: "matmul",
  needs: "inputs",
  lower: (l, [a, b], product) => l.matmul(a!, b!, product),
  evaluate([a, b], product) {
    const { m, k, n } = sizesOf(a!.shape, b!.shape, product);
    const batchA = a!.shape.slice(0, -2);
    const batchB = b!.shape.slice(0, -2);
    const batch = broadcastShapes("matmul", batchA, batchB);
    const shape = checkShape("matmul", [...batch, m, n]);
    const out = allocateUnwritten(a!.dtype, countOf(shape));
    const left = elementsOf(a!);
    const right = elementsOf(b!);
    forEachRun(batch, [batchA, batchB], (at, count, [offsetA, offsetB], [stepA, stepB]) => {
      for (let i = 0; i < count; i++) {
        const A = { elements: left, offset: (offsetA! + i * stepA!) * m * k };
        const B = { elements: right, offset: (offsetB! + i * stepB!) * k * n };
        multiply(out, (at + i) * m * n, A, B, m, k, n, product.transposeA, product.transposeB, product.absorbing);
      }
    });
    return new Tensor(shape, a!.dtype, out);
  },
  transposeLeft(g, b, { attributes: { transposeA, transposeB, absorbing } }, constant, plain) {
    const other = otherSide(absorbing, absorbing?.right, constant);
    return transposeA
      ? matmulCotangent(b, g, transposeB, true, { left: other, right: "marks", plain })
      : matmulCotangent(g, b, false, !transposeB, { left: "marks", right: other, plain });
  },
  transposeRight(g, a, { attributes: { transposeA, transposeB, absorbing } }, constant, plain) {
    const other = otherSide(absorbing, absorbing?.left, constant);
    return transposeB
      ? matmulCotangent(g, a, true, transposeA, { left: "marks", right: other, plain })
      : matmulCotangent(a, g, !transposeA, false, { left: other, right: "marks", plain });
  },
  pushLeft: (t, b, { attributes: { absorbing, ...ways } }, constant) =>
    apply(matmulOp, [t, b], {
      ...ways,
      absorbing: { left: "marks", right: otherSide(absorbing, absorbing?.right, constant) },
    }),
  pushRight: (a, t, { attributes: { absorbing, ...ways } }, constant) =>
    apply(matmulOp, [a, t], {
      ...ways,
      absorbing: { left: otherSide(absorbing, absorbing?.left, constant), right: "marks" },
    }),
};

/**
 * The terms that the operand beside a cotangent drops: what it dropped before, and every 0 of a value that is constant.
 */
function otherSide(absorbing: Absorbing, before: Dropping | undefined, constant: boolean): Dropping {
  return absorbing === null && constant ? "zeros" : (before ?? null);
}

function matmulCotangent(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, absorbing: Absorbing): Tensor {
  return apply(matmulOp, [a, b], { transposeA, transposeB, absorbing });
}

/** How the operands of a matrix product are read. */
export interface MatMulOptions<TA extends boolean = boolean, TB extends boolean = boolean> {
  /** Read the last two axes of `a` transposed. */
  readonly transposeA?: TA;
  /** Read the last two axes of `b` transposed. */
  readonly transposeB?: TB;
}

const matmulKinds: OptionKinds<MatMulOptions> = { transposeA: option.flag, transposeB: option.flag };

/**
 * The matrix product of the last two axes, leading axes broadcasting; a rank-1 operand is a row on the left, a column
 * on the right, and its axis is dropped from the result.
 *
 * @param a - `[…, m, k]`, or `[k]`
 * @param b - `[…, k, n]`, or `[k]`
 * @param options - `transposeA`, `transposeB`: read an operand transposed, without a copy
 * @returns `[…, m, n]`
 * @throws ShapeError where the inner sizes differ; DTypeError for mixed or integer types
 *
 * @example
 * matmul(tensor([[1, 2], [3, 4]]), tensor([[1], [1]])).toArray() // => [[3], [7]]
 */
export function matmul<A extends Shape, B extends Shape, TA extends boolean = false, TB extends boolean = false>(
  a: Tensor<A>,
  b: Tensor<B> & Guard<MatMul<A, B, TA, TB>>,
  options?: MatMulOptions<TA, TB>,
): Tensor<Result<MatMul<A, B, TA, TB>>>;
export function matmul(a: Tensor, b: Tensor, options?: MatMulOptions, extra?: unknown): Tensor {
  if (options !== undefined || extra !== undefined) {
    const call = "matmul(a, b, { transposeA, transposeB })";
    refuseExtra("matmul", extra, call);
    checkOptions("matmul", options, matmulKinds, { call });
  }
  const left = floatTensor("matmul", a);
  const right = floatTensor("matmul", b);
  const shapes = [left.shape, right.shape];
  if (left.dtype !== right.dtype) {
    throw new DTypeError({
      op: "matmul",
      problem: `operands are ${left.dtype} and ${right.dtype}`,
      hint: `cast one of them: cast(x, "${left.dtype}")`,
      shapes,
    });
  }
  if (left.shape.length === 0 || right.shape.length === 0) {
    throw new ShapeError({
      op: "matmul",
      problem: `a scalar has no rows (${shapes.map(showShape).join(" and ")})`,
      hint: "mul(a, b) scales",
      shapes,
    });
  }
  const row = left.shape.length === 1;
  const column = right.shape.length === 1;
  const product: Product = {
    transposeA: !row && options?.transposeA === true,
    transposeB: !column && options?.transposeB === true,
    absorbing: null,
  };
  const A = row ? reshapeTo(left, [1, left.shape[0]!]) : left;
  const B = column ? reshapeTo(right, [right.shape[0]!, 1]) : right;
  const { m, k, inner, n } = sizesOf(A.shape, B.shape, product);
  if (k !== inner) {
    const said = `${showShape(left.shape)}${product.transposeA ? "ᵀ" : ""} and ${showShape(right.shape)}${product.transposeB ? "ᵀ" : ""}`;
    throw new ShapeError({
      op: "matmul",
      problem: `inner sizes ${k} and ${inner} differ (${said})`,
      hint: "the columns of the left must be the rows of the right; transpose one of them",
      shapes,
    });
  }
  const matrix = apply(matmulOp, [A, B], product);
  const batch = matrix.shape.slice(0, -2);
  return reshapeTo(matrix, [...batch, ...(row ? [] : [m]), ...(column ? [] : [n])]);
}

function vectors(op: string, a: unknown, b: unknown): readonly [Tensor, Tensor] {
  const [x, y] = [floatTensor(op, a), floatTensor(op, b)];
  if (x.dtype !== y.dtype)
    throw new DTypeError({
      op,
      problem: `operands are ${x.dtype} and ${y.dtype}`,
      hint: `cast one of them: cast(x, "${x.dtype}")`,
    });
  if (x.shape.length === 1 && y.shape.length === 1) return [x, y];
  throw new ShapeError({
    op,
    problem: `operands have shapes ${showShape(x.shape)} and ${showShape(y.shape)}`,
    hint: "give two vectors; matmul takes matrices",
    shapes: [x.shape, y.shape],
  });
}

/**
 * The dot product Σ aᵢ bᵢ of two vectors of one length.
 *
 * @throws ShapeError for anything but two vectors of one length
 *
 * @example
 * dot(tensor([1, 2]), tensor([3, 4])).item() // => 11
 */
export function dot<A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B> & Guard<Dot<A, B>>): Tensor<[]>;
export function dot(a: Tensor, b: Tensor, extra?: unknown): Tensor {
  refuseExtra("dot", extra, "dot(a, b)");
  const [x, y] = vectors("dot", a, b);
  if (!sameShape(x.shape, y.shape)) {
    throw new ShapeError({
      op: "dot",
      problem: `lengths ${x.shape[0]!} and ${y.shape[0]!} differ`,
      hint: "give two vectors of one length",
      shapes: [x.shape, y.shape],
    });
  }
  // A long sum of one kind, added like any other: with the error of a few roundings, not of one for each block.
  return sumOver(mul(x, y), [0], false);
}

/**
 * The outer product aᵢ bⱼ of two vectors: BP4 is the outer product of δ and v.
 *
 * @throws ShapeError for anything but two vectors
 *
 * @example
 * outer(tensor([1, 2]), tensor([3, 4])).toArray() // => [[3, 4], [6, 8]]
 */
export function outer<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & Guard<Outer<A, B>>,
): Tensor<Result<Outer<A, B>>>;
export function outer(a: Tensor, b: Tensor, extra?: unknown): Tensor {
  refuseExtra("outer", extra, "outer(a, b)");
  const [x, y] = vectors("outer", a, b);
  return mul(reshapeTo(x, [x.shape[0]!, 1]), y);
}
