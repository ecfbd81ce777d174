/** Copies blocks of a matrix into panels: for each inner index the few numbers that a tile reads side by side. */

import type { Callee, Local } from "../assembler/body.ts";
import { i32, load, op, plus, select, shuffle, times, type Expression } from "../assembler/expressions.ts";
import { lanesOf, type FloatType } from "../../../kernels/product-layout.ts";
import type { ModuleBuilder } from "../assembler/module.ts";

const parameters = new Array<"i32">(4).fill("i32");

/**
 * to[inner, 0 … vectors) = from[inner, …]: rows of the source are rows of the panel.
 * Takes the addresses, the number of rows, and the bytes from one row of the source to the next.
 */
export function emitStraightPack(builder: ModuleBuilder, vectors: number, panelStep: number): Callee {
  return builder.function(`pack${vectors}straight`, parameters, null, (body) => {
    const [from, to, depth, step] = [0, 1, 2, 3].map((k) => body.parameter(k)) as [Local, Local, Local, Local];
    const end = body.let(plus(to, times(depth, panelStep)));
    body.loop((again) => {
      for (let v = 0; v < vectors; v++) body.store("v128.store", to, load("v128.load", from, 16 * v), 16 * v);
      body.set(from, plus(from, step));
      body.set(to, plus(to, panelStep));
      again(op("i32.ne", to, end));
    });
  });
}

/** The rows of a small square matrix, one vector each, from its columns. */
function transposed(type: FloatType, columns: readonly Local[], keep: (value: Expression) => Local): Expression[] {
  if (type === "f64") {
    const [a, b] = columns as [Local, Local];
    return [shuffle(a, b, [0, 2]), shuffle(a, b, [1, 3])];
  }
  const [a, b, c, d] = columns as [Local, Local, Local, Local];
  const lowAB = keep(shuffle(a, b, [0, 4, 1, 5]));
  const lowCD = keep(shuffle(c, d, [0, 4, 1, 5]));
  const highAB = keep(shuffle(a, b, [2, 6, 3, 7]));
  const highCD = keep(shuffle(c, d, [2, 6, 3, 7]));
  return [
    shuffle(lowAB, lowCD, [0, 2]),
    shuffle(lowAB, lowCD, [1, 3]),
    shuffle(highAB, highCD, [0, 2]),
    shuffle(highAB, highCD, [1, 3]),
  ];
}

/**
 * to[inner, lane] = from[lane, inner] for one vector of lanes: rows of the source are columns of the panel.
 * Takes the addresses, the inner size (rounded up to whole vectors when written), the bytes from row to row, and how
 * many rows there are; lanes beyond them repeat the last.
 */
export function emitTransposedPack(builder: ModuleBuilder, type: FloatType, panelStep: number): Callee {
  const lanes = lanesOf[type];
  return builder.function("packTransposed", [...parameters, "i32"], null, (body) => {
    const [from, to, depth, step, rows] = [0, 1, 2, 3, 4].map((k) => body.parameter(k)) as [
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const starts = [from];
    for (let r = 1; r < lanes; r++) {
      const last = starts[r - 1]!;
      starts.push(body.let(select(op("i32.gt_s", rows, i32(r)), plus(last, step), last)));
    }
    const end = body.let(plus(to, times(depth, panelStep)));
    const read = Array.from({ length: lanes }, () => body.local("v128"));
    const kept: Local[] = Array.from({ length: 4 }, () => body.local("v128"));
    body.loop((again) => {
      starts.forEach((start, r) => body.set(read[r]!, load("v128.load", start)));
      let used = 0;
      const rowsOut = transposed(type, read, (value) => {
        const local = kept[used++]!;
        body.set(local, value);
        return local;
      });
      rowsOut.forEach((row, r) => body.store("v128.store", to, row, r * panelStep));
      for (const start of starts) body.set(start, plus(start, 16));
      body.set(to, plus(to, lanes * panelStep));
      again(op("i32.lt_u", to, end));
    });
  });
}
