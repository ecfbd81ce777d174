/** Anomaly mode: the first op that makes a NaN or an infinity, in each sweep, with the user's line that recorded it. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  add,
  customGradient,
  detectAnomaly,
  div,
  exp,
  grad,
  hvp,
  isAutogradError,
  jacobian,
  jvp,
  log,
  matmul,
  max,
  mul,
  NonFiniteError,
  pow,
  relu,
  softmax,
  sqrt,
  sub,
  sum,
  tensor,
  vjp,
  where,
  greater,
  type AutogradError,
  type Tensor,
} from "@chainrule/autograd";
import { naiveCrossEntropy, naiveSoftplus } from "./functions.ts";

const here = fileURLToPath(import.meta.url);
const functions = fileURLToPath(new URL("functions.ts", import.meta.url));

/** The place `file:line` of the line that ends with a mark. */
function marked(file: string, mark: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const at = lines.findIndex((line) => line.endsWith(`// ← ${mark}`));
  expect(at, mark).toBeGreaterThanOrEqual(0);
  return `${file}:${at + 1}:`;
}

/** What anomaly mode throws; its line must be the marked one. */
function anomaly(body: () => unknown, mark: string, file = here): AutogradError {
  let caught: unknown;
  try {
    detectAnomaly(body);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(NonFiniteError);
  const error = caught as AutogradError;
  expect(`${error.at}`).toContain(marked(file, mark));
  expect(error.message).toContain(`at ${error.at}`);
  return error;
}

type Scalar = Tensor<[]>;

describe("In the forward pass", () => {
  it("a NaN is found where it arises", () => {
    const error = anomaly(() => {
      const x = sub(1, tensor([0.5, 2]));
      const y = log(x); // ← log of a negative number
      return sum(y);
    }, "log of a negative number");
    expect(error.op).toBe("log");
    expect(error.message).toContain("NaN at entry 1 of [2]");
  });

  it("an overflow is found where it arises, recorded or not", () => {
    const error = anomaly(() => {
      const big = exp(tensor(710)); // ← exp overflows
      return div(1, big);
    }, "exp overflows");
    expect(error.op).toBe("exp");
    expect(error.message).toContain("Infinity");
    anomaly(() => grad((x: Scalar) => exp(x))(1000), "exp overflows in grad"); // ← exp overflows in grad
  });

  it("a quotient by 0 and 0/0 are found", () => {
    expect(anomaly(() => div(1, tensor(0)), "1/0").op).toBe("div"); // ← 1/0
    expect(anomaly(() => div(0, tensor(0)), "0/0").message).toContain("NaN"); // ← 0/0
  });

  it("the line is found in another file", () => {
    expect(anomaly(() => naiveCrossEntropy(tensor([0, 1]), tensor([1, 0])), "log of a zero", functions).op).toBe("log");
    expect(anomaly(() => grad((x: Scalar) => naiveSoftplus(x))(1000), "overflow", functions).op).toBe("exp");
  });

  it("an infinity met with another that makes a NaN is found", () => {
    const mask = tensor([-Infinity, 0]);
    const error = anomaly(() => sub(mask, mask), "inf - inf"); // ← inf - inf
    expect(error.message).toContain("no input has a NaN");
  });
});

describe("In the data", () => {
  it("a NaN is reported where it is first used, with the operand and the entry", () => {
    const data = tensor([1, 2, NaN, 4]);
    const error = anomaly(() => mul(2, data), "data used"); // ← data used
    expect(error.op).toBe("mul");
    expect(error.message).toContain("input 1 has NaN at entry 2 of [4]");
    expect(error.message).toContain("look at the data");
  });

  it("a NaN in an argument of grad, on the tape and in a constant is reported likewise", () => {
    const bad = tensor([1, NaN]);
    const variable = tensor([NaN, 1], { requiresGrad: true });
    expect(anomaly(() => grad((x: Tensor) => sum(x))(bad), "argument of grad").op).toBe("sum"); // ← argument of grad
    expect(anomaly(() => sum(variable).backward(), "on the tape").message).toContain("entry 0"); // ← on the tape
    const missing = tensor([[NaN], [1]]);
    const product = (): unknown => matmul(tensor([[1, 2]]), missing); // ← in a constant
    expect(anomaly(product, "in a constant").message).toContain("input 1");
  });

  it("a NaN that no result depends on is no anomaly", () => {
    expect(detectAnomaly(() => sum(where(tensor([true, false]), tensor([1, NaN]), 0)).item())).toBe(1);
  });

  it("infinite masks are taken as meant", () => {
    const scores = tensor([1, 2, 3]);
    const visible = tensor([true, true, false]);
    const loss = (x: Tensor): Tensor => sum(pow(softmax(where(visible, x, -Infinity)), 2));
    const gradient = detectAnomaly(() => grad(loss)(scores)).toArray() as number[];
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(detectAnomaly(() => max(tensor([-Infinity, 3])).item())).toBe(3);
  });
});

describe("In the reverse sweep", () => {
  it("an infinite derivative is found, with the line of the op and not that of the sweep", () => {
    const error = anomaly(() => {
      const f = (x: Scalar): Tensor => {
        const root = sqrt(x); // ← sqrt at 0
        return mul(3, root);
      };
      return grad(f)(0);
    }, "sqrt at 0");
    expect(error.op).toBe("sqrt");
    expect(error.message).toContain("the cotangent of input 0 has Infinity");
  });

  it("the same for tensors, on the tape and through vjp", () => {
    const tape = (): void => {
      const x = tensor([4, 0], { requiresGrad: true });
      const root = sqrt(x); // ← sqrt on the tape
      sum(root).backward();
    };
    expect(anomaly(tape, "sqrt on the tape").message).toContain("entry 1");
    const root = (x: Tensor<[2]>): Tensor => pow(x, 0.5); // ← pow in vjp
    const pulled = (): unknown => vjp(root, tensor([1, 0])).pullback(tensor([1, 1]));
    expect(anomaly(pulled, "pow in vjp").op).toBe("pow");
  });

  it("inside a gradient of a gradient the line is that of the op, whose rule failed", () => {
    const inner = (x: Scalar): Tensor => {
      return sqrt(x); // ← sqrt in an inner grad
    };
    const error = anomaly(
      () => grad((y: Scalar) => grad((x: Scalar) => inner(mul(x, y)))(0))(1),
      "sqrt in an inner grad",
    );
    expect(error.op).toBe("sqrt");
  });

  it("a second derivative that is infinite where the first is finite names the line of the op", () => {
    const f = (x: Scalar): Tensor => {
      return pow(x, 1.5); // ← x^1.5
    };
    expect(detectAnomaly(() => grad(f)(0)).item()).toBe(0);
    anomaly(() => grad((x: Scalar) => grad(f)(x))(0), "x^1.5");
    anomaly(() => hvp(f)(0, 1), "x^1.5");
  });

  it("what a rule computes on its way may be infinite", () => {
    const safe = (x: Scalar): Tensor => where(greater(x, 0), sqrt(x), 0);
    expect(detectAnomaly(() => grad((x: Scalar) => grad(safe)(x))(0)).item()).toBe(0);
  });

  it("a custom rule that fails is named, and its user's line", () => {
    const broken = customGradient({ name: "broken", forward: (x) => x.mul(2), vjp: (g) => div(g, 0) });
    const error = anomaly(() => grad((x: Scalar) => broken(x))(1), "custom rule"); // ← custom rule
    expect(error.op).toBe("broken");
  });

  it("cotangents whose sum overflows are found at the node that they meet in", () => {
    const f = (x: Scalar): Tensor => {
      const y = relu(x); // ← where the sum overflows
      return add(mul(y, 1e308), mul(y, 1e308));
    };
    const error = anomaly(() => grad(f)(0.5), "where the sum overflows");
    expect(error.message).toContain("the sum overflows");
  });

  it("says how to see the line of an op that was computed unwatched", () => {
    const x = tensor(0, { requiresGrad: true });
    const loss = sqrt(x);
    let message = "";
    try {
      detectAnomaly(() => loss.backward());
    } catch (error) {
      message = isAutogradError(error) ? `${error.at} ${error.message}` : "";
    }
    // Nothing better is known than the line that asked for the sweep.
    expect(message).toMatch(/anomaly\.test\.ts:\d+:\d+ sqrt/);
    expect(message).toContain("compute the forward pass in anomaly mode too");
  });
});

describe("In the forward sweep", () => {
  it("a tangent that is not finite is found, with the line of the op", () => {
    const f = (x: Scalar): Tensor => {
      return mul(2, sqrt(x)); // ← sqrt in jvp
    };
    const error = anomaly(() => jvp(f, [0], [1]), "sqrt in jvp");
    expect(error.op).toBe("sqrt");
    expect(error.message).toContain("the tangent of its output has Infinity");
  });

  it("a column of a Jacobian by forward mode is watched", () => {
    const f = (x: Tensor<[2]>): Tensor => {
      return sqrt(x); // ← sqrt in a jacobian
    };
    anomaly(() => jacobian(f, { mode: "forward" })(tensor([1, 0])), "sqrt in a jacobian");
  });
});

describe("The mode itself", () => {
  it("hands the result back and changes no number", () => {
    const f = (x: Tensor<[3]>): Tensor => sum(mul(exp(x), softmax(x)));
    const x = tensor([0.1, -2, 3]);
    expect(detectAnomaly(() => grad(f)(x)).toArray()).toEqual(grad(f)(x).toArray());
    expect(detectAnomaly(() => jvp(f, [x], [x]).tangent).item()).toBe(jvp(f, [x], [x]).tangent.item());
  });

  it("ends with its body, however that ends", () => {
    expect(() => detectAnomaly(() => log(tensor(-1)))).toThrow(NonFiniteError);
    expect(log(tensor(-1)).item()).toBeNaN();
    expect(grad((x: Scalar) => sqrt(x))(0).item()).toBe(Infinity);
  });

  it("refuses an async body, most of which would run unwatched", () => {
    expect(() => detectAnomaly(() => Promise.resolve(tensor(1)))).toThrow(/Promise/);
  });

  it("names the lines of a program that tsx runs", () => {
    const program = fileURLToPath(new URL("fixtures/anomaly-program.ts", import.meta.url));
    const output = execFileSync(process.execPath, ["--import", "tsx", program], { encoding: "utf8" });
    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.replace(/\d+$/, "")),
    ).toEqual([marked(program, "value"), marked(program, "derivative")]);
  });
});
