/** The network that was described, with the parameters that were handed in. */

import { tensor, type Tensor } from "@chainrule/autograd";
import { network, type Network } from "../../network/network.ts";
import type { Described } from "./described.ts";
import type { NumberArray } from "./given.ts";

const packed = (one: NumberArray | null, units: number): Tensor =>
  tensor(one === null ? new Float64Array(units) : one.data, { shape: one === null ? [units] : [...one.shape] });

/**
 * The network itself, with parameters where they were handed in; nobody reads others, so that `blank` ones need not be
 * drawn.
 */
export function networkOf(
  { sizes, activations, parameters, told }: Described,
  cost: Described["costs"][number],
  { seed, blank }: { readonly seed: number | null; readonly blank: boolean },
): Network {
  const own =
    parameters === null
      ? {}
      : {
          parameters: Object.fromEntries(
            sizes.flatMap((units, l) =>
              l === 0
                ? []
                : [
                    [`W${l}`, packed(parameters.W[l]!, units)],
                    [`b${l}`, packed(parameters.b[l] ?? null, units)],
                  ],
            ),
          ),
        };
  const from = seed ?? told.seed;
  const dtype = told.dtype === undefined ? {} : { dtype: told.dtype as "float64" };
  return network({
    sizes,
    activations,
    cost,
    ...dtype,
    ...own,
    ...(blank && parameters === null ? { initialization: "zeros" as const } : {}),
    ...(from === undefined ? {} : { seed: from }),
  });
}
