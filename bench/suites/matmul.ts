/** Matrix products on one thread: proved right, then timed in turns with what this machine's vectors can do at most. */

import { matmul, tensor, type DType, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import type { Elements } from "../../packages/autograd/src/graph/dtype.ts";
import { matmulPlain } from "../../packages/autograd/src/kernels/matmul.ts";
import { scratchBytes, type FloatType, type MatmulSpec } from "../../packages/autograd/src/kernels/product-layout.ts";
import { emitMatmul } from "../../packages/autograd/src/backends/wasm/products/matmul.ts";
import { relaxedSimd } from "../../packages/autograd/src/backends/wasm/host.ts";
import { instance, measure, memoryOf, rate, registers, tile, timed, type Timed } from "../machine.ts";
import { expectClose } from "../suite.ts";

const dtypes = { f32: "float32", f64: "float64" } as const satisfies Record<FloatType, DType>;

/** m × k times k × n; `ways` says which operands lie transposed. */
interface Size {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly ways: readonly string[];
}

const cube = (size: number): Size => ({ m: size, k: size, n: size, ways: ["A B"] });
const sizes: readonly Size[] = [
  cube(1024),
  cube(512),
  cube(256),
  cube(255),
  cube(64),
  { m: 10, k: 784, n: 30, ways: ["A B", "A Bᵀ", "Aᵀ B", "Aᵀ Bᵀ"] },
];

/** A product inside a program: its operands lie in the program's memory already. */
function inProgram(spec: MatmulSpec, a: Elements, b: Elements, expected: Elements): Timed {
  const { m, k, n, type } = spec;
  const Type = type === "f32" ? Float32Array : Float64Array;
  const place = (at: number, numbers: number): number =>
    Math.ceil((at + numbers * Type.BYTES_PER_ELEMENT + 16) / 64) * 64;
  const bStart = place(0, a.length);
  const cStart = place(bStart, b.length);
  const scratch = place(cStart, m * n);
  const memory = memoryOf(scratch + scratchBytes(spec));
  const product = instance(memory, (builder) => {
    const callee = emitMatmul(builder, spec);
    builder.function(
      "run",
      callee.takes,
      null,
      (body) => body.call(callee, ...callee.takes.map((_, at) => body.parameter(at))),
      true,
    );
  });
  new Type(memory.buffer, 0, a.length).set(a);
  new Type(memory.buffer, bStart, b.length).set(b);
  const run = (): void => product(0, bStart, cStart, scratch, 0, m);
  run();
  const got = new Type(memory.buffer, cStart, m * n);
  for (let i = 0; i < got.length; i++) {
    // Sums of k normal products, about √k: the error of a fused one is far below, and the others have none.
    if (spec.fma ? !(Math.abs(got[i]! - expected[i]!) < 1e-3) : got[i] !== expected[i])
      throw new Error(`bench: entry ${i} is ${got[i]} where ${expected[i]} is right`);
  }
  return timed(2 * m * k * n, run);
}

interface Row {
  readonly name: string;
  readonly type: FloatType;
  readonly eager: Timed;
  readonly program: Timed;
  readonly fused: Timed | null;
}

function rowOf({ m, k, n }: Size, way: string, type: FloatType, random: Random): Row {
  const [transposeA, transposeB] = [way.includes("Aᵀ"), way.includes("Bᵀ")];
  const Type = type === "f32" ? Float32Array : Float64Array;
  const [a, b] = [new Type(random.normalArray(m * k)), new Type(random.normalArray(k * n))];
  const [x, y] = [
    tensor(a, { shape: transposeA ? [k, m] : [m, k], dtype: dtypes[type] }),
    tensor(b, { shape: transposeB ? [n, k] : [k, n], dtype: dtypes[type] }),
  ] as [Tensor, Tensor];
  const expected = new Type(m * n);
  matmulPlain(expected, 0, { elements: a, offset: 0 }, { elements: b, offset: 0 }, m, k, n, transposeA, transposeB);
  const multiply = (): Tensor => matmul(x, y, { transposeA, transposeB });
  // Twice, so that both kernels are seen: the plain loops of a program's beginning, and what follows.
  for (let turn = 0; turn < 2; turn++)
    multiply()
      .toTypedArray()
      .forEach((value, i) => expectClose(`${m}×${k}×${n} ${way}, entry ${i}`, value, expected[i]!, 0));
  const spec = { type, m, k, n, transposeA, transposeB };
  const flops = 2 * m * k * n;
  return {
    name: `${m} × ${k} · ${k} × ${n}, ${way}`,
    type,
    eager: timed(flops, () => {
      sink = multiply();
    }),
    program: inProgram({ ...spec, fma: false }, a, b, expected),
    fused: relaxedSimd() ? inProgram({ ...spec, fma: true }, a, b, expected) : null,
  };
}

let sink: unknown;

/** Validates every product and prints GFLOP/s beside the limits that were measured in the same rounds. */
export function runMatmul(smoke: boolean): void {
  const random = new Random(3);
  const chosen = smoke ? sizes.filter(({ m }) => m <= 64) : sizes;
  const rows = (["f32", "f64"] as const).flatMap((type) =>
    chosen.flatMap((size) => size.ways.map((way) => rowOf(size, way, type, random))),
  );
  const limitsOf = (type: FloatType): { name: string; timed: Timed }[] => [
    { name: "registers, product and sum", timed: registers(type, false) },
    { name: "tile, product and sum", timed: tile(type, false) },
    ...(relaxedSimd()
      ? [
          { name: "registers, fused", timed: registers(type, true) },
          { name: "tile, fused", timed: tile(type, true) },
        ]
      : []),
  ];
  const limits = { f32: limitsOf("f32"), f64: limitsOf("f64") };
  // The limits come before each product: they are short, and what a percentage refers to must not have been disturbed.
  const all = [...limits.f32, ...limits.f64].map((limit) => limit.timed);
  measure(
    rows.flatMap(({ eager, program, fused }) => [...all, eager, program, ...(fused === null ? [] : [fused])]),
    smoke ? 1 : 40,
  );
  if (sink === undefined) throw new Error("bench: nothing was computed");
  if (smoke)
    return console.log(`${rows.length} matrix products validated and run; the times of a smoke run say nothing.`);

  for (const type of ["f32", "f64"] as const) {
    const [, limit, , fusedLimit] = limits[type];
    console.log(
      `\n${dtypes[type]}, one thread, GFLOP/s: ${limits[type].map((one) => `${one.name} ${rate(one.timed).toFixed(1)}`).join("; ")}`,
    );
    console.log(
      "| product | eager | of the tile | in a program | of the tile | fused | of the tile |\n|---|---|---|---|---|---|---|",
    );
    for (const { name, eager, program, fused } of rows.filter((row) => row.type === type)) {
      const cells = [
        [eager, limit],
        [program, limit],
        [fused, fusedLimit],
      ] as const;
      const shown = cells.map(([one, most]) =>
        one === null || most === undefined
          ? "– | –"
          : `${rate(one).toFixed(1)} | ${((100 * rate(one)) / rate(most.timed)).toFixed(0)} %`,
      );
      console.log(`| ${name} | ${shown.join(" | ")} |`);
    }
  }
}
