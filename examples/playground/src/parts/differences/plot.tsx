/** The error of each way against ε, both by decades; a pointer chooses an ε, as the slider beneath does. */

import type { JSX } from "preact";
import type { Curve } from "./answer.ts";
import { exponents, ways, type Way } from "./place.ts";
import type { DifferencesWords } from "./words/en.ts";

/** Decades of ε and of the error that are shown. */
const [LEAST, BELOW] = [-16, 17];

const across = (exponent: number): number => 100 * (1 - exponent / LEAST);
/** No error at all stands at the bottom. */
const down = (error: number): number =>
  100 * (Math.min(BELOW, Math.max(0, error > 0 ? -Math.log10(error) : BELOW)) / BELOW);

/** Where a curve is called by its name: where it stands apart from the others. */
const named: Readonly<Record<Way, readonly [exponent: number, above: boolean]>> = {
  forward: [-4, true],
  central: [-4, false],
  complex: [-12, true],
};

interface Props {
  readonly curves: Readonly<Record<Way, Curve>>;
  readonly exponent: number;
  readonly label: string;
  readonly own: DifferencesWords;
  readonly to: (exponent: number) => void;
}

const at = (curve: Curve, exponent: number): number => curve.readings[exponents.indexOf(exponent)]!.error;

export function Plot({ curves, exponent, label, own, to }: Props): JSX.Element {
  const path = (curve: Curve): string =>
    curve.readings.map(({ error }, k) => `${k === 0 ? "M" : "L"}${across(exponents[k]!)} ${down(error)}`).join("");
  const point = (event: PointerEvent): void => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    to(exponents[Math.round(share * (exponents.length - 1))]!);
  };
  return (
    <div class="plot" role="img" aria-label={label}>
      <div class="field" onPointerDown={point} onPointerMove={point}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {[0, -4, -8, -12, -16].map((k) => (
            <line key={k} class="rule" x1={0} x2={100} y1={down(10 ** k)} y2={down(10 ** k)} />
          ))}
          <line class="here" x1={across(exponent)} x2={across(exponent)} y1={0} y2={100} />
          {ways.map((way) => (
            <path key={way} class={`curve ${way}`} d={path(curves[way])} />
          ))}
        </svg>
        {ways.map((way) => (
          <i
            key={way}
            class={`dot ${way}`}
            style={{ left: `${across(exponent)}%`, top: `${down(at(curves[way], exponent))}%` }}
          />
        ))}
        {ways.map((way) => {
          const [where, above] = named[way];
          return (
            <span
              key={way}
              class={`name ${way} ${above ? "above" : ""}`}
              style={{ left: `${across(where)}%`, top: `${down(at(curves[way], where))}%` }}
            >
              {own.ways[way].name}
            </span>
          );
        })}
        {[0, -4, -8, -12, -16].map((k) => (
          <span key={k} class="y" style={{ top: `${down(10 ** k)}%` }}>
            {k === 0 ? (
              "1"
            ) : (
              <>
                10<sup>{`−${-k}`}</sup>
              </>
            )}
          </span>
        ))}
        {[0, -4, -8, -12, -16].map((k) => (
          <span key={k} class="x" style={{ left: `${across(k)}%` }}>
            {k === 0 ? (
              "1"
            ) : (
              <>
                10<sup>{`−${-k}`}</sup>
              </>
            )}
          </span>
        ))}
      </div>
      <span class="axis" aria-hidden="true">
        {own.errorAxis}
      </span>
    </div>
  );
}
