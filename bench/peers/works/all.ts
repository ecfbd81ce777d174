/** The works, in the order in which they are done. */

import type { Work } from "../work.ts";
import { chain } from "./chain.ts";
import { elementwise } from "./elementwise.ts";
import { matrixProduct } from "./matmul.ts";
import { mixed } from "./mixed.ts";
import { perExampleGradients } from "./per-example-gradients.ts";
import { reluStep } from "./relu-step.ts";
import { rosenbrock } from "./rosenbrock.ts";
import { sigmoidStep } from "./sigmoid-step.ts";

/** Each by the maker of its data, so that only one work's data is in memory; small ones where `smoke` is set. */
export function works(smoke: boolean): readonly (() => Work)[] {
  const products = smoke
    ? ([
        [16, 16, 16],
        [15, 15, 15],
        [10, 33, 7],
      ] as const)
    : ([
        [1024, 1024, 1024],
        [256, 256, 256],
        [255, 255, 255],
        [10, 784, 30],
      ] as const);
  return [
    () => sigmoidStep(smoke),
    () => reluStep(smoke),
    () => elementwise(smoke),
    () => rosenbrock(smoke),
    () => perExampleGradients(smoke),
    () => chain(smoke),
    () => mixed(smoke),
    ...products.map(
      ([rows, inner, columns]) =>
        () =>
          matrixProduct(rows, inner, columns),
    ),
  ];
}
