/** An arm of six joints: where its hand is, and the Jacobian of that by the angles. */

import { eye, jacobian, stack, tensor, zeros, type Tensor } from "@chainrule/autograd";
import { drawn, program } from "./program.ts";

type Rotation = Tensor<[3, 3]>;

function rotation(axis: "x" | "y" | "z", angle: Tensor<[]>): Rotation {
  const [c, s, zero, one] = [angle.cos(), angle.sin(), tensor(0), tensor(1)];
  if (axis === "z") return stack([stack([c, s.neg(), zero]), stack([s, c, zero]), stack([zero, zero, one])]);
  if (axis === "y") return stack([stack([c, zero, s]), stack([zero, one, zero]), stack([s.neg(), zero, c])]);
  return stack([stack([one, zero, zero]), stack([zero, c, s.neg()]), stack([zero, s, c])]);
}

/** The axis that each joint turns about, and the length of the limb behind it. */
const joints = [
  ["z", 0.4],
  ["y", 0.5],
  ["y", 0.4],
  ["x", 0.2],
  ["y", 0.2],
  ["z", 0.1],
] as const;

function hand(angles: Tensor<[6]>): Tensor<[3]> {
  let [turned, place]: [Rotation, Tensor<[3]>] = [eye(3), zeros([3])];
  joints.forEach(([axis, length], k) => {
    turned = turned.matmul(rotation(axis, angles.slice([k], [k + 1]).reshape([]) as Tensor<[]>));
    place = place.add(turned.matmul(tensor([0, 0, length])));
  });
  return place;
}

export const arm = program({
  id: "arm",
  name: "arm of six joints, Jacobian",
  parameters: { angles: drawn(80, [6], 2) },
  data: {},
  run: ({ angles }: { readonly angles: Tensor<[6]> }) => ({ hand: hand(angles), jacobian: jacobian(hand)(angles) }),
  slopes: [{ of: "hand", by: { angles: "jacobian" } }],
});
