/** The work by which `bench programs` says what a program takes at least: counted by hand here. */

import { expect, it } from "vitest";
import { leastWorkOf } from "../../../../bench/programs/limit.ts";
import { drawn, fit } from "../../../../bench/programs/program.ts";
import { matmul, scan, sigmoid, sum, tanh, zeros, type Tensor } from "../../src/index.ts";

it("counts products of all steps, and each argument of a function once", () => {
  const [steps, rows, units] = [5, 3, 4] as const;
  const program = fit({
    id: "counted",
    name: "counted",
    parameters: { w: drawn(1, [4, 4]) },
    data: { xs: drawn(2, [5, 3, 4]) },
    loss: ({ w }, { xs }): Tensor<[]> => {
      const step = (h: Tensor<[3, 4]>, x: Tensor<[3, 4]>): readonly [Tensor<[3, 4]>, null] => {
        const z = matmul(h, w).add(x);
        return [sigmoid(z).mul(tanh(z)), null];
      };
      return sum(scan(step, zeros([3, 4]), xs).carry);
    },
  });
  const { multiplyAdds, functions } = leastWorkOf(program);
  // The product of each step, and one for each of its derivatives.
  expect(multiplyAdds).toBe(3 * steps * rows * units * units);
  expect([...functions.values()]).toEqual([steps * rows * units]);
});
