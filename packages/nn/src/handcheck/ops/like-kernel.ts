/** A function of tensors as a kernel: what a reference is that has nothing but `like`. */

import { tensor, type Tensor } from "@chainrule/autograd";
import { pull } from "../catalogue/families/family.ts";
import type { Kernel } from "./kernel.ts";

type Like = (...inputs: never[]) => Tensor;

/** Its forward is the function, its backward autograd's; inputs that do not move are handed on as they are. */
export function kernelOf(name: string, like: Like, differentiable: readonly boolean[] | undefined): Kernel {
  const moves = (k: number): boolean => differentiable?.[k] ?? true;
  const call = (inputs: readonly unknown[]): Tensor => (like as (...given: unknown[]) => Tensor)(...inputs);
  const asTensor = (x: unknown): Tensor => tensor(x as number[]);
  return {
    name,
    forward: (...inputs: readonly unknown[]) => call(inputs.map((x, k) => (moves(k) ? asTensor(x) : x))).toArray(),
    backward: (g: unknown, ...given: readonly unknown[]) => {
      const inputs = given.slice(0, -1);
      const among = (moving: readonly Tensor[]): Tensor => {
        let next = 0;
        return call(inputs.map((x, k) => (moves(k) ? moving[next++] : x)));
      };
      return pull(among, inputs.filter((_, k) => moves(k)).map(asTensor), asTensor(g)).map((x) => x.toArray());
    },
  };
}
