/** A number beside the certified one, whose digits turn green as they become right. */

import type { JSX } from "preact";

/** What is certified has eleven digits. */
export const CERTIFIED = 11;

const plain = (x: number): string => x.toPrecision(CERTIFIED).replace("-", "−").replace("e+", "e").replace("e-", "e−");

/** The text up to so many digits that count, and the rest; what is written as the certified number is right. */
export function parted(x: number, right: number, certified = NaN): readonly [string, string] {
  const text = plain(x);
  if (text === plain(certified)) return [text, ""];
  const whole = Math.min(CERTIFIED, Math.floor(right + 0.05));
  if (!Number.isFinite(x) || whole <= 0) return ["", text];
  let [seen, at] = [0, 0];
  for (; at < text.length && seen < whole; at++) if (/[1-9]/.test(text[at]!) || (seen > 0 && text[at] === "0")) seen++;
  return whole === CERTIFIED ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

export function Certified({
  value,
  right,
  beside,
}: {
  readonly value: number;
  readonly right: number;
  readonly beside?: number;
}): JSX.Element {
  const [good, rest] = parted(value, right, beside);
  return (
    <span class="certified">
      <span class="right">{good}</span>
      {rest}
    </span>
  );
}
