/** The energy of 32 masses that attract each other, and the forces. */

import { arange, notEqual, where, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

function energy(
  { places }: { readonly places: Tensor<[32, 3]> },
  { masses }: { readonly masses: Tensor<[32]> },
): Tensor<[]> {
  const between = places.reshape([32, 1, 3]).sub(places.reshape([1, 32, 3]));
  // 0 on the diagonal, where the norm has no derivative and is not chosen.
  const distance = between.norm(2);
  const other = notEqual(arange(0, 32).reshape([32, 1]), arange(0, 32).reshape([1, 32]));
  return where(other, masses.reshape([32, 1]).mul(masses).div(distance), 0)
    .sum()
    .mul(-0.5);
}

export const nBody = fit({
  id: "n-body",
  name: "32 bodies, forces",
  parameters: { places: drawn(90, [32, 3], 4) },
  data: { masses: drawn(91, [32]).add(1) },
  loss: energy,
});
