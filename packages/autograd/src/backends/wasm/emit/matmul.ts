/** Products of matrices inside a program, with the rule that zeros of a cotangent have no influence. */

import { emitMatmul, type ProductOptions } from "../products/matmul.ts";
import { scratchBytes } from "../../../kernels/product-layout.ts";
import { countOf } from "../../../graph/shape.ts";
import type { NativeProducts } from "../../../kernels/native.ts";
import type { Body, Callee, Local } from "../assembler/body.ts";
import { i32, op, plus, select, times, type Expression } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import type { EmitContext } from "./context.ts";
import { emitEpilogues, scratchOfEpilogues } from "./epilogues.ts";
import { emitRepair } from "./repair.ts";
import { isByBlocks, placesOfBlock, rowsOfBlock } from "../../../compile/schedule/blocks.ts";
import { COLUMNS_TOGETHER } from "../../../compile/schedule/columns.ts";
import { specOf, type Product } from "../../../compile/schedule/product.ts";
import type { ProductKernel } from "../../../compile/schedule/kernel.ts";
import { heap } from "../memory/heap.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import { bordersOf, ownScratch, type Borders } from "./chunks.ts";
import { divisionOfProduct, ROWS_TOGETHER } from "../../../compile/schedule/partitioning.ts";
import { sourceOf, type Value } from "../../../compile/ir/value.ts";

/**
 * Bytes of scratch that a product needs in each thread, and the loops before and behind it: panels, a block of rows,
 * sums.
 */
export function scratchOfMatmul(kernel: ProductKernel, fused: boolean, hosted: boolean): number {
  return scratchOfPanels(kernel.members[0]!, fused, hosted) + placesOfBlock(kernel).bytes + scratchOfEpilogues(kernel);
}

function scratchOfPanels(value: Value, fused: boolean, hosted: boolean): number {
  return hosted || (value.definition as Product).sizes.k === 0 ? 0 : scratchBytes(specOf(value, fused));
}

/** The import that a module calls for each product that a library computes: (A, B, C), addresses in the heap. */
export function nativeProduct(value: Value, native: NativeProducts): (a: number, b: number, c: number) => void {
  const {
    form: { transposeA, transposeB },
    sizes: { m, k, n },
  } = value.definition as Product;
  const Type = value.dtype === "float64" ? Float64Array : Float32Array;
  return (a, b, c) => {
    const { buffer } = heap().memory;
    // WebAssembly hands out signed numbers; addresses are not.
    const operands = {
      out: new Type(buffer, c >>> 0, m * n),
      a: new Type(buffer, a >>> 0, m * k),
      b: new Type(buffer, b >>> 0, k * n),
    };
    native.multiply(operands, m, k, n, transposeA, transposeB);
  };
}

/**
 * The functions that compute one product of a batch: (A, B, C), and where it is not the host's (…, scratch, begin,
 * end), rows or columns.
 */
export interface ProductFunctions {
  readonly product: Callee;
  readonly hosted: boolean;
  /**
   * Called before rows of A are read, where the product does not do it itself: (A, B, C, scratch, rowBegin, rowEnd).
   */
  readonly prepare: Callee | null;
  /**
   * Called with rows of C that are whole, where the product does not do it itself: (A, B, C, scratch, rowBegin,
   * rowEnd).
   */
  readonly finish: Callee | null;
}

/** Emits the functions of a product, before any that call them. */
export function emitProductFunctions(
  builder: ModuleBuilder,
  kernel: ProductKernel,
  imported: Callee | null,
  divided: boolean,
  context: EmitContext,
): ProductFunctions {
  const prepare = emitPrepare(builder, kernel, imported !== null, context);
  const byBlocks = isByBlocks(kernel);
  const division = divisionOfProduct(kernel);
  const part = byBlocks ? "rows" : !divided || division === "products" ? "all" : division;
  const finish = emitFinish(builder, kernel, part, imported !== null, context);
  if (imported !== null) return { product: imported, hosted: true, prepare, finish };
  const spec = specOf(kernel.members[0]!, context.fused);
  const product =
    prepare !== null && byBlocks
      ? emitBlocks(builder, kernel, prepare, emitMatmul(builder, spec, { finish }), context)
      : emitMatmul(builder, spec, { prepare, finish, part });
  return { product, hosted: false, prepare: null, finish: null };
}

/** A product, one block of rows after another, each multiplied as soon as it is computed. */
function emitBlocks(
  builder: ModuleBuilder,
  kernel: ProductKernel,
  prepare: Callee,
  product: Callee,
  context: EmitContext,
): Callee {
  const value = kernel.members[0]!;
  const {
    inputs: [A],
    sizes: { k },
  } = kernel.definition;
  const place = placesOfBlock(kernel).starts.get(sourceOf(A).source);
  const panels = scratchOfPanels(value, context.fused, false);
  return builder.function(`blocks ${value.id}`, product.takes, null, (body) => {
    const [a, b, c, scratch, rowBegin, rowEnd] = [0, 1, 2, 3, 4, 5].map((at) => body.parameter(at)) as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const from = body.local("i32");
    body.for(from, rowBegin, rowEnd, rowsOfBlock(kernel), () => {
      const next = plus(from, rowsOfBlock(kernel));
      const to = body.let(select(op("i32.lt_s", next, rowEnd), next, rowEnd));
      if (place !== undefined)
        body.set(a, op("i32.sub", plus(scratch, panels + place), times(from, k * bytesOf(value.dtype))));
      body.call(prepare, a, b, c, scratch, from, to);
      body.call(product, a, b, c, scratch, from, to);
    });
  });
}

/** Precedes a product, on rows that are about to be multiplied: the loops that compute them. */
function emitPrepare(
  builder: ModuleBuilder,
  kernel: ProductKernel,
  hosted: boolean,
  context: EmitContext,
): Callee | null {
  if (kernel.prologue.length === 0) return null;
  const value = kernel.members[0]!;
  const panels = scratchOfPanels(value, context.fused, hosted);
  return builder.function(`prepare ${value.id}`, new Array<"i32">(6).fill("i32"), null, (body) => {
    const [c, scratch, from, to] = [2, 3, 4, 5].map((k) => body.parameter(k)) as [Local, Local, Local, Local];
    const block = kernel.passing.size === 0 ? null : plus(scratch, panels);
    emitEpilogues(
      body,
      kernel,
      kernel.prologue,
      {
        start: c,
        from,
        to,
        columns: null,
        scratch: plus(scratch, panels + placesOfBlock(kernel).bytes - context.scratch),
        block,
      },
      context,
    );
  });
}

/**
 * Follows a product, on rows of C that are whole, or columns of them: they are repaired, and the loops behind the
 * product run on them.
 */
function emitFinish(
  builder: ModuleBuilder,
  kernel: ProductKernel,
  part: ProductOptions["part"],
  hosted: boolean,
  context: EmitContext,
): Callee | null {
  const value = kernel.members[0]!;
  const {
    form,
    sizes: { n },
  } = kernel.definition;
  const repair =
    form.absorbing === null ? null : emitRepair(builder, value, part === "columns", form.absorbing.plain !== true);
  if (repair === null && kernel.passes.length === 0) return null;
  const panels = scratchOfPanels(value, context.fused, hosted);
  return builder.function(
    `finish ${value.id}`,
    new Array<"i32">(part === "columns" ? 8 : 6).fill("i32"),
    null,
    (body) => {
      const [a, b, c, scratch, from, to] = [0, 1, 2, 3, 4, 5].map((k) => body.parameter(k)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const columns: Borders | null = part !== "columns" ? null : { from: body.parameter(6), to: body.parameter(7) };
      if (repair !== null) body.call(repair, a, b, c, from, to, columns?.from ?? i32(0), columns?.to ?? i32(n));
      emitEpilogues(
        body,
        kernel,
        kernel.passes,
        {
          start: c,
          from,
          to,
          columns,
          scratch: plus(scratch, panels + placesOfBlock(kernel).bytes - context.scratch),
          block: null,
        },
        context,
      );
    },
  );
}

/** Emits the calls for each product of a batch. */
export function emitMatmulCalls(
  body: Body,
  kernel: ProductKernel,
  { product, hosted, prepare, finish }: ProductFunctions,
  context: EmitContext,
): void {
  const value = kernel.members[0]!;
  const {
    inputs: [A, B],
    sizes,
  } = kernel.definition;
  const { m, k, n, batch, stepsA, stepsB } = sizes;
  const bytes = bytesOf(value.dtype);
  const counters = batch.map(() => body.local("i32"));
  const at = (x: Value, steps: readonly number[], size: number): Expression =>
    counters.reduce(
      (sum: Expression, counter, axis) => plus(times(counter, steps[axis]! * size * bytes), sum),
      i32(kernel.passing.has(sourceOf(x).source) ? 0 : context.addresses(x)),
    );
  const division = context.part === null ? "rows" : divisionOfProduct(kernel);
  const [most, together] = division === "columns" ? [n, COLUMNS_TOGETHER] : [m, ROWS_TOGETHER];
  const first = bordersOf(body, division === "products" ? context.part : null, batch[0] ?? 1);
  const inParts = division === "products" ? null : context.part;
  const units = bordersOf(body, inParts, Math.ceil(most / together));
  const begin = inParts === null ? i32(0) : body.let(times(units.from, together));
  const end =
    inParts === null
      ? i32(most)
      : body.let(select(op("i32.lt_s", times(units.to, together), i32(most)), times(units.to, together), i32(most)));
  const scratch = body.let(
    plus(ownScratch(context.part, scratchOfMatmul(kernel, context.fused, hosted)), context.scratch),
  );
  const target = body.let(plus(times(first.from, countOf(batch.slice(1)) * m * n * bytes), context.addresses(value)));
  const emitAxis = (axis: number): void => {
    const { from, to } = axis === 0 ? first : { from: i32(0), to: i32(batch[axis]!) };
    if (axis < batch.length) return body.for(counters[axis]!, from, to, 1, () => emitAxis(axis + 1));
    const [a, b] = [body.let(at(A, stepsA, m * k)), body.let(at(B, stepsB, k * n))];
    if (prepare !== null) body.call(prepare, a, b, target, scratch, begin, end);
    if (hosted) body.call(product, a, b, target);
    else if (context.part === null) body.call(product, a, b, target, scratch, begin, end);
    else body.if(op("i32.lt_s", begin, end), () => body.call(product, a, b, target, scratch, begin, end));
    if (finish !== null) body.call(finish, a, b, target, scratch, begin, end);
    body.set(target, plus(target, m * n * bytes));
  };
  emitAxis(0);
}
