/** Logistic regression with its Hessian, which a step of Newton's method needs. */

import { hessian, valueAndGrad, type Tensor } from "@chainrule/autograd";
import { drawn, drawnBits, program } from "./program.ts";

type Weights = Tensor<[8]>;

interface Observed {
  readonly x: Tensor<[200, 8]>;
  readonly y: Tensor<[200]>;
}

function loss(w: Weights, x: Observed["x"], y: Observed["y"]): Tensor<[]> {
  const u = x.matmul(w);
  return u.softplus().sub(u.mul(y)).mean().add(w.mul(w).sum().mul(0.005));
}

export const logisticHessian = program({
  id: "logistic-hessian",
  name: "logistic regression, Hessian",
  parameters: { w: drawn(22, [8]) },
  data: { x: drawn(20, [200, 8], 2), y: drawnBits(21, [200]) },
  run: ({ w }: { readonly w: Weights }, { x, y }: Observed) => ({
    ...valueAndGrad(loss)(w, x, y),
    hessian: hessian(loss)(w, x, y),
  }),
  slopes: [
    { of: "value", by: { w: "gradient" } },
    { of: "gradient", by: { w: "hessian" } },
  ],
});
