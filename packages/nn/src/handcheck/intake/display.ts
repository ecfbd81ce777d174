/** Roles as a report writes them. */

import { intake } from "../../locales/intake.ts";
import { alike, type Words } from "../../locales/words.ts";
import type { LayerRole } from "./names.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const raised = (layer: number): string => String(layer).replace(/\d/g, (digit) => superscripts[Number(digit)]!);

const signs: Readonly<Record<LayerRole, string>> = {
  W: "W",
  b: "b",
  u: "u",
  v: "v",
  delta: "δ",
  gradW: "∂C/∂W",
  gradB: "∂C/∂b",
  gradV: "∂C/∂v",
  nextW: "W",
  nextB: "b",
  afterW: "W",
  afterB: "b",
};

/** `∂C/∂W²`, `W² after the step`. */
export function roleText(role: LayerRole, layer: number): Words {
  const sign =
    role === "v" && layer === 0 ? "x" : role === "delta" && layer === 0 ? "∂C/∂x" : `${signs[role]}${raised(layer)}`;
  if (role === "nextW" || role === "nextB") return intake.afterStep({ sign });
  if (role === "afterW" || role === "afterB") return intake.afterTwoSteps({ sign });
  return alike(sign);
}
