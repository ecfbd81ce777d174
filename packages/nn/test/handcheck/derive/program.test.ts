// The printed program runs, and gives the gradients of autograd.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import ts from "typescript";
import { isTried } from "../../../../autograd/test/size.ts";
import { valueAndGrad, type Tensor } from "@chainrule/autograd";
import { derive, type Derivation } from "../../../src/handcheck/derive/derive.ts";
import { notations, type NotationName } from "../../../src/handcheck/derive/language/notation.ts";
import { batchOf, cases, networkOf } from "./support.ts";

type Parameters = Record<string, number[][] | number[]>;
type Backward = (parameters: Parameters, x: number[][], t: number[][]) => { cost: number; gradient: Parameters };

const names = Object.keys(notations) as NotationName[];
let folder = "";
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "derive-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(derivation: Derivation): Promise<Backward> {
  const file = join(folder, `program-${files++}.mjs`);
  const compiled = ts.transpileModule(derivation.toTypeScript(), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(file, compiled.outputText);
  return ((await import(pathToFileURL(file).href)) as { backward: Backward }).backward;
}

const columns = (rows: number[][]): number[][] => rows[0]!.map((_, k) => rows.map((row) => row[k]!));

describe.each(names)("the program in the notation %s", (notation) => {
  const tried = cases
    .flatMap((one) =>
      (
        [
          ["mean", 1],
          ["sum", 4],
        ] as const
      ).map(([reduction, times]) => ({ ...one, reduction, times })),
    )
    .filter(({ sizes, activations, cost, reduction }) =>
      isTried(5, `${notation} ${sizes.join("-")} ${activations.join()} ${cost} ${reduction}`),
    );

  it.each(tried)(
    "gives the gradients of autograd for $sizes, $activations, $cost, the $reduction of it",
    async ({ reduction, times, ...one }) => {
      const net = networkOf(one);
      const { x, t } = batchOf(one, 4);
      const laidOut = (value: number[][] | number[]): number[][] | number[] =>
        notations[notation].weights === "in×out" && Array.isArray(value[0]) ? columns(value as number[][]) : value;
      const parameters = Object.fromEntries(
        Object.entries(net.parameters).map(([name, value]) => [name, laidOut(value.toArray() as number[][])]),
      );
      const { value, gradient } = valueAndGrad((w: Record<string, Tensor>) => net.loss(w, x, t))(net.parameters);
      const backward = await run(derive(net, { notation, reduction }));
      const got = backward(parameters, x, t);
      expect(Math.abs(got.cost - times * value.item())).toBeLessThanOrEqual(1e-12 * Math.abs(times * value.item()));
      for (const [name, expected] of Object.entries(gradient)) {
        const wanted = (laidOut(expected.toArray() as number[][]) as number[][]).flat().map((entry) => times * entry);
        const scale = Math.max(...wanted.map(Math.abs));
        const error = Math.max(
          ...(got.gradient[name] as number[][]).flat().map((entry, k) => Math.abs(entry - wanted[k]!)),
        );
        expect(error, name).toBeLessThanOrEqual(1e-12 * scale);
      }
    },
  );
});

describe("the program", () => {
  it("passes a strict compiler", () => {
    const sources = new Map(
      names.flatMap((notation) =>
        [cases[5]!, cases[8]!].map((one, k) => [
          `/program-${notation}-${k}.ts`,
          derive(networkOf(one), { notation }).toTypeScript(),
        ]),
      ),
    );
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      types: [],
      skipLibCheck: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
    };
    const host = ts.createCompilerHost(options);
    const readFile = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version) => {
      const text = sources.get(name);
      return text === undefined ? readFile(name, version) : ts.createSourceFile(name, text, version);
    };
    const program = ts.createProgram([...sources.keys()], options, host);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  });
});
