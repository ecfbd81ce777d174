/** Bundle adjustment: what three cameras see of 20 points, and the Jacobian by cameras and points. */

import { concat, jacobian, less, stack, tensor, where, type Tensor } from "@chainrule/autograd";
import { drawn, program } from "./program.ts";

const [CAMERAS, POINTS] = [3, 20] as const;

type Points = Tensor<[20, 3]>;
type Scene = Tensor<[78]>;
type Seen = Tensor<[3, 20, 2]>;

function cross(a: Tensor<[1, 3]>, b: Points): Points {
  const [[a0, a1, a2], [b0, b1, b2]] = [a.split(3, -1), b.split(3, -1)];
  return concat([a1.mul(b2).sub(a2.mul(b1)), a2.mul(b0).sub(a0.mul(b2)), a0.mul(b1).sub(a1.mul(b0))], -1);
}

/** Rodrigues' formula: x + sin θ/θ w × x + (1 - cos θ)/θ² w × (w × x), by series where θ is next to 0. */
function rotated(w: Tensor<[3]>, x: Points): Points {
  const angle2 = w.mul(w).sum();
  const small = less(angle2, 1e-12);
  const angle = angle2.sqrt();
  const first = where(small, angle2.div(-6).add(1), angle.sin().div(angle));
  const second = where(small, angle2.div(-24).add(0.5), angle.cos().neg().add(1).div(angle2));
  const once = cross(w.reshape([1, 3]), x);
  return x.add(once.mul(first)).add(cross(w.reshape([1, 3]), once).mul(second));
}

function residuals(scene: Scene, seen: Seen): Tensor<[120]> {
  const cameras = scene.slice([0], [18]).reshape([CAMERAS, 2, 3]);
  const points = scene.slice([18]).reshape([POINTS, 3]);
  const off = [0, 1, 2].map((k) => {
    const [turn, move] = [cameras.at(k, 0), cameras.at(k, 1)] as [Tensor<[3]>, Tensor<[3]>];
    const moved = rotated(turn, points).add(move);
    return moved
      .slice({ 1: [0, 2] })
      .div(moved.slice({ 1: [2] }))
      .sub(seen.at(k) as Tensor<[20, 2]>);
  });
  return stack(off).reshape([120]) as Tensor<[120]>;
}

/** Entries that say where the cameras are: the first one is not turned at all, where the formula has a limit alone. */
const cameras = concat([
  tensor([0, 0, 0, 0.1, 0.2, 5]),
  drawn(110, [12], 0.4).add(tensor([0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 5])),
]);

export const bundleAdjustment = program({
  id: "bundle-adjustment",
  name: "bundle adjustment, Jacobian",
  parameters: { scene: concat([cameras, drawn(111, [60], 2)]) },
  data: { seen: drawn(112, [3, 20, 2], 0.2) },
  run: ({ scene }: { readonly scene: Scene }, { seen }: { readonly seen: Seen }) => ({
    residuals: residuals(scene, seen),
    jacobian: jacobian(residuals)(scene, seen),
  }),
  slopes: [{ of: "residuals", by: { scene: "jacobian" } }],
});
