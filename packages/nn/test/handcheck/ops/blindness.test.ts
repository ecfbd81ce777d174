// Which typical mistakes the inputs of a kernel cannot show: each is made on them, and what gives the right gradient is
// told with what hides it.
import { tensor, vjp, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { families, type FamilyName } from "../../../src/handcheck/catalogue/families/index.ts";
import { checkOp, type CheckOpOptions, type Kernel, type OpReport } from "../../../src/handcheck/index.ts";
import { violations } from "../report/schema.ts";
import { relu } from "./kernels-other.ts";

/** The right kernel of a family, by autograd. */
function kernelOf(name: FamilyName): Kernel {
  const { forward, inputs, settings } = families[name];
  const read = (x: unknown): Tensor => tensor(x as number[], { dtype: "float64" });
  const which = inputs.flatMap(({ differentiable }, k) => (differentiable ? [k] : []));
  return {
    name,
    forward: (...xs: unknown[]) => forward(xs.map(read), settings).toArray(),
    backward: (g: unknown, ...rest: unknown[]) => {
      const xs = inputs.map((_, k) => read(rest[k]));
      const moving = (...some: Tensor[]): Tensor =>
        forward(
          xs.map((x, k) => (which.includes(k) ? some[which.indexOf(k)]! : x)),
          settings,
        );
      const gradients = vjp(moving, ...which.map((k) => xs[k]!)).pullback(read(g));
      return Object.fromEntries(which.map((k, i) => [`d${inputs[k]!.name}`, gradients[i]!.toArray()]));
    },
  };
}

const checked = (name: FamilyName, options: Omit<CheckOpOptions, "family"> = {}): OpReport =>
  checkOp(kernelOf(name), { family: name, ...options });
const missed = ({ blindness }: OpReport): string[] =>
  blindness!.missed.map(({ id, of, yours, why }) => `${id} d${of} = ${yours}: ${why.en}`);

describe("what the inputs of a kernel cannot show", () => {
  it.each(Object.keys(families) as FamilyName[])("is nothing for %s on the check's own inputs", (name) => {
    const report = checked(name);
    expect(report.verdict).toBe("correct");
    expect(report.blindness!.tried).toBeGreaterThan(2);
    expect(missed(report)).toEqual([]);
    expect(report.toText()).not.toContain("cannot show");
  });

  it("is the slope of relu where no input is negative, and the check finds it on others", () => {
    const positive = { family: "relu", inputs: [[[1, 2, 3, 0.5]]] } as const;
    const expected = ["B1 dx = g: x is positive throughout"];
    expect(missed(checked("relu", positive))).toEqual(expected);
    const wrong: Kernel = { ...relu(), backward: (g: number[][]) => g };
    const found = checkOp(wrong, positive);
    expect([found.verdict, found.roots[0]!.id, ...missed(found)]).toEqual(["mistake", "B1", ...expected]);
  });

  it("is where γ belongs if γ is 1", () => {
    const x = [
      [1, 2, 3],
      [0.5, 4, 1],
      [3, 1, 0],
    ];
    const hides = "gamma is 1 throughout";
    const ones = checked("batchNorm", { inputs: [x, [1, 1, 1], [0, 0, 0]] });
    expect(missed(ones)).toEqual([`F4 dx = istd (g − mean g − x̂ mean(g x̂)): ${hides}`, `F8 dbeta = γ Σₙ g: ${hides}`]);
    expect(missed(checked("batchNorm", { inputs: [x, [2, -1, 1], [0, 0, 0]] }))).toEqual([]);
  });

  it("is a mean for a sum over one row, and everything that only a batch has", () => {
    const one = "axis 0 of x has one entry";
    expect(missed(checked("layerNorm", { shapes: [[1, 6], [6], [6]] }))).toEqual([
      `F9 dgamma = meanₙ g x̂: ${one}`,
      `F9 dbeta = meanₙ g: ${one}`,
    ]);
    const batch = checked("batchNorm", { shapes: [[1, 4], [4], [4]] });
    expect(batch.blindness!.missed.length).toBeGreaterThan(10);
    expect(batch.toText()).toMatch(/With these shapes \d+ of 29 .*\n.*axis 0 of x has one entry \(F2 F4/u);
  });

  it("is nothing for a softmax of equal logits, whose Jacobian stays full", () => {
    const report = checked("softmax", { inputs: [[[1, 1, 1], [2, 2, 2]]] }); // prettier-ignore
    expect(report.blindness).toMatchObject({ tried: 6, missed: [], given: true });
    expect(missed(checked("softmax", { shapes: [[4, 1]] })).join()).toContain("axis 1 of x has one entry");
  });

  it("is told in every form and language, at the last hint alone, and only of what has a name and a right forward", () => {
    const report = checked("relu", { inputs: [[[1, 2, 3, 0.5]]] });
    const said = "On these inputs 1 of 5 typical mistakes give the right gradients";
    for (const text of [report.toText({ width: 400 }), report.toMarkdown(), report.toHtml(), report.toPart()])
      expect(text).toContain(said);
    expect(report.toLatex().replace(/\s+/gu, " ")).toContain(said);
    expect(report.toText({ lang: "zh", width: 400 })).toMatch(/5 个典型错误里有 1 个.*\n.*x 处处为正：dx = g \[B1\]/u);
    expect(report.toText({ hints: 2, width: 400 })).not.toContain(said);
    const json = (hints?: 2): string => JSON.stringify(report.toJson(hints));
    expect(violations(json(), "opcheck/1")).toEqual([]);
    expect(JSON.parse(json())).toMatchObject({ blindness: { tried: 5, given: true, missed: [{ id: "B1", of: "x" }] } });
    expect(JSON.parse(json(2))).not.toHaveProperty("blindness");
    const { blindness, verdict } = checkOp({ ...relu(), forward: (x: number[][]) => x }, { family: "relu" });
    expect([verdict, blindness]).toEqual(["forward-wrong", undefined]);
    expect(checkOp(relu(), { shapes: [[2, 2]] }).blindness).toBeUndefined();
  });
});
