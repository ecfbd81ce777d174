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

/** The places of lines and labels. */
const decades = [0, -4, -8, -12, -16] as const;

interface Curves {
  readonly curves: Readonly<Record<Way, Curve>>;
  /** The chosen ε, as a power of ten. */
  readonly exponent: number;
}

const at = (curve: Curve, exponent: number): number => curve.readings[exponents.indexOf(exponent)]!.error;

const placed = (exponent: number, error: number): { readonly left: string; readonly top: string } => ({
  left: `${across(exponent)}%`,
  top: `${down(error)}%`,
});

function Lines({ curves, exponent }: Curves): JSX.Element {
  const path = (curve: Curve): string =>
    curve.readings.map(({ error }, k) => `${k === 0 ? "M" : "L"}${across(exponents[k]!)} ${down(error)}`).join("");
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {decades.map((k) => (
        <line key={k} class="rule" x1={0} x2={100} y1={down(10 ** k)} y2={down(10 ** k)} />
      ))}
      <line class="here" x1={across(exponent)} x2={across(exponent)} y1={0} y2={100} />
      {ways.map((way) => (
        <path key={way} class={`curve ${way}`} d={path(curves[way])} />
      ))}
    </svg>
  );
}

/** The error of each way at the chosen ε. */
function Dots({ curves, exponent }: Curves): JSX.Element {
  return (
    <>
      {ways.map((way) => (
        <i key={way} class={`dot ${way}`} style={placed(exponent, at(curves[way], exponent))} />
      ))}
    </>
  );
}

function Names({ curves, own }: Pick<Curves, "curves"> & { readonly own: DifferencesWords }): JSX.Element {
  return (
    <>
      {ways.map((way) => {
        const [where, above] = named[way];
        return (
          <span key={way} class={`name ${way} ${above ? "above" : ""}`} style={placed(where, at(curves[way], where))}>
            {own.ways[way].name}
          </span>
        );
      })}
    </>
  );
}

function PowerOfTen({ exponent }: { readonly exponent: number }): JSX.Element {
  if (exponent === 0) return <>1</>;
  return (
    <>
      10<sup>{`−${-exponent}`}</sup>
    </>
  );
}

/** The decades beside the errors, and beneath ε. */
function Scales(): JSX.Element {
  return (
    <>
      {decades.map((k) => (
        <span key={`y ${k}`} class="y" style={{ top: `${down(10 ** k)}%` }}>
          <PowerOfTen exponent={k} />
        </span>
      ))}
      {decades.map((k) => (
        <span key={`x ${k}`} class="x" style={{ left: `${across(k)}%` }}>
          <PowerOfTen exponent={k} />
        </span>
      ))}
    </>
  );
}

interface Props extends Curves {
  readonly label: string;
  readonly own: DifferencesWords;
  readonly to: (exponent: number) => void;
}

export function Plot({ curves, exponent, label, own, to }: Props): JSX.Element {
  const point = (event: PointerEvent): void => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    to(exponents[Math.round(share * (exponents.length - 1))]!);
  };
  return (
    <div class="plot" role="img" aria-label={label}>
      <div class="field" onPointerDown={point} onPointerMove={point}>
        <Lines curves={curves} exponent={exponent} />
        <Dots curves={curves} exponent={exponent} />
        <Names curves={curves} own={own} />
        <Scales />
      </div>
      <span class="axis" aria-hidden="true">
        {own.errorAxis}
      </span>
    </div>
  );
}
