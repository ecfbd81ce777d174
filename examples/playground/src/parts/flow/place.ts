/** What the address keeps of this part: the numbers, the step, the weight that is looked at, the notation. */

import type { NotationName } from "@chainrule/nn/handcheck";
import { drawnOf, drawnPairs, type Drawn } from "../../network/figures.ts";

export const notations: readonly NotationName[] = ["document", "nielsen", "ng", "haykin", "cs231n"];

/** A weight by its layer and the neurons that it connects, counted from 0. */
export interface Weight {
  readonly layer: number;
  readonly to: number;
  readonly from: number;
}

export interface FlowPlace {
  readonly drawn: Drawn;
  readonly step: number;
  readonly weight: Weight | null;
  readonly notation: NotationName;
}

function weightOf(said: string): Weight | null {
  const found = /^(\d+)\.(\d+)\.(\d+)$/.exec(said);
  return found === null ? null : { layer: Number(found[1]), to: Number(found[2]), from: Number(found[3]) };
}

export const wordOfWeight = ({ layer, to, from }: Weight): string => `${layer}.${to}.${from}`;

/** True if a network has this weight. */
export const hasWeight = (sizes: readonly number[], { layer, to, from }: Weight): boolean =>
  layer >= 1 && to < (sizes[layer] ?? 0) && from < (sizes[layer - 1] ?? 0);

export function placeOf(at: string): FlowPlace {
  const said = new URLSearchParams(at);
  const step = Number(said.get("step") ?? 0);
  return {
    drawn: drawnOf(said),
    step: Number.isInteger(step) && step >= 0 ? step : 0,
    weight: weightOf(said.get("weight") ?? ""),
    notation: notations.find((name) => name === said.get("notation")) ?? "document",
  };
}

export function atOf({ drawn, step, weight, notation }: FlowPlace): string {
  return new URLSearchParams([
    ...drawnPairs(drawn),
    ...(step === 0 ? [] : [["step", String(step)]]),
    ...(weight === null ? [] : [["weight", wordOfWeight(weight)]]),
    ...(notation === "document" ? [] : [["notation", notation]]),
  ]).toString();
}
