import { dot, grad, tensor } from "@chainrule/autograd";
import { vmap } from "@chainrule/autograd/vmap";

const loss = (w, x) => dot(w, x).tanh();

console.log(
  vmap(grad(loss), { inAxes: [null, 0] })(
    tensor([1, 2]),
    tensor([
      [1, 0],
      [0, 1],
    ]),
  ).toArray(),
);
