/** Roles as a report writes them. */

import type { Words } from "../report.ts";
import type { LayerRole } from "./names.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const raised = (layer: number): string => String(layer).replace(/\d/g, (digit) => superscripts[Number(digit)]!);

const signs: Readonly<Record<LayerRole, string>> = {
  W: "W", b: "b", u: "u", v: "v", delta: "δ", gradW: "∂C/∂W", gradB: "∂C/∂b", gradV: "∂C/∂v", nextW: "W", nextB: "b", afterW: "W", afterB: "b",
};

/** `∂C/∂W²`, `W² after the step`. */
export function roleText(role: LayerRole, layer: number): Words {
  const sign = role === "v" && layer === 0 ? "x" : role === "delta" && layer === 0 ? "∂C/∂x" : `${signs[role]}${raised(layer)}`;
  if (role === "nextW" || role === "nextB") return { en: `${sign} after the step`, zh: `更新后的 ${sign}` };
  if (role === "afterW" || role === "afterB") return { en: `${sign} after two steps`, zh: `两步之后的 ${sign}` };
  return { en: sign, zh: sign };
}

/** Several in a row, in both languages. */
export const listed = (words: readonly Words[]): Words => ({ en: words.map(({ en }) => en).join(", "), zh: words.map(({ zh }) => zh).join("、") });
