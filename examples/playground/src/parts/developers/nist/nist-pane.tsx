/** NIST's certified fits: a set fitted from one of its starts, its digits turning green, and all 54 beside it. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Axis } from "../axis.tsx";
import { draw } from "../curve.ts";
import { isStill } from "../../../ui/use-media.ts";
import type { PaneProps } from "../pane.ts";
import type { Listed, NistFit } from "./answer.ts";
import { Certified, CERTIFIED } from "./certified.tsx";
import { keyOf, useNist } from "./use-nist.ts";

const FIRST = "Eckerle4";
/** Milliseconds for a step that is shown. */
const STEP = 90;

/** Which step is shown: all in turn, or the last at once where things are to stand still. */
function useStep(fit: NistFit | null): readonly [step: number, replay: () => void] {
  const [step, set] = useState(0);
  const [run, again] = useState(0);
  useEffect(() => {
    if (fit === null) return undefined;
    const last = fit.trail.length - 1;
    if (isStill()) {
      set(last);
      return undefined;
    }
    let at = 0;
    set(0);
    const timer = setInterval(() => {
      set(++at);
      if (at >= last) clearInterval(timer);
    }, STEP);
    return () => clearInterval(timer);
  }, [fit, run]);
  return [Math.min(step, (fit?.trail.length ?? 1) - 1), () => again((count) => count + 1)];
}

const spanOf = (list: readonly number[]): { readonly from: number; readonly to: number } => {
  const [low, high] = [Math.min(...list), Math.max(...list)];
  const margin = 0.06 * (high - low || 1);
  return { from: low - margin, to: high + margin };
};

function Curve({
  fit,
  step,
  own,
}: Pick<PaneProps, "own"> & { readonly fit: NistFit; readonly step: number }): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = (): void => {
    if (canvas.current !== null)
      draw(canvas.current, {
        x: fit.x,
        y: fit.y,
        curve: fit.trail[step]!.curve,
        across: spanOf(fit.x),
        up: spanOf(fit.y),
        residuals: null,
      });
  };
  useEffect(paint, [fit, step]);
  useEffect(() => {
    addEventListener("resize", paint);
    return () => removeEventListener("resize", paint);
  }, [fit, step]);
  return fit.x.length === 0 ? (
    <p class="soft">{own.nist.plane}</p>
  ) : (
    <>
      <div class="field low">
        <canvas ref={canvas} role="img" aria-label={own.nist.drawing(fit.name)} />
      </div>
      <Axis across={spanOf(fit.x)} />
    </>
  );
}

function Fitted({ fit, own }: Pick<PaneProps, "own"> & { readonly fit: NistFit }): JSX.Element {
  const [step, replay] = useStep(fit);
  const { parameters, digits, iteration } = fit.trail[step]!;
  const isOver = step === fit.trail.length - 1;
  return (
    <>
      <h2 class="set-name">{fit.name}</h2>
      <p class="model">y = {fit.model}</p>
      <Curve fit={fit} step={step} own={own} />
      <p class="says">
        <b>{own.nist.iteration(iteration)}</b>
        {isOver && <span class="good">{own.nist.reached(Math.floor(Math.min(...digits) + 0.05), CERTIFIED)}</span>}
      </p>
      <div class="scrolls" tabIndex={0} role="region" aria-label={own.nist.parameters}>
        <table class="numbers">
          <thead>
            <tr>
              <td />
              {own.nist.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {parameters.map((value, k) => (
              <tr key={k}>
                <th scope="row">b{k + 1}</th>
                <td class="main">
                  <Certified value={value} right={digits[k]!} beside={fit.certified[k]!} />
                </td>
                <td>
                  <Certified value={fit.certified[k]!} right={0} />
                </td>
                <td class="main">
                  {isOver && (
                    <Certified
                      value={fit.deviations[k]!}
                      right={fit.deviationDigits[k]!}
                      beside={fit.certifiedDeviations[k]!}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="tools plain">
        <button type="button" onClick={replay}>
          {own.nist.replay}
        </button>
      </p>
    </>
  );
}

interface List extends Pick<PaneProps, "own"> {
  readonly sets: readonly Listed[];
  readonly digits: Readonly<Record<string, number>>;
  readonly now: string;
  readonly choose: (name: string, start: number) => void;
}

function Sets({ sets, digits, now, choose, own }: List): JSX.Element {
  const cell = (name: string, start: number): JSX.Element => {
    const found = digits[keyOf(name, start)];
    const says = found === undefined ? own.nist.unfitted : own.nist.right(Math.floor(found + 0.05));
    return (
      <td key={start}>
        <button
          type="button"
          class={found === undefined ? "" : found >= 9 ? "good" : "bad"}
          aria-pressed={now === keyOf(name, start)}
          aria-label={own.nist.choose(name, start + 1, says)}
          onClick={() => choose(name, start)}
        >
          {found === undefined ? "·" : Math.floor(found + 0.05)}
        </button>
      </td>
    );
  };
  return (
    <div class="sets scrolls" tabIndex={0} role="region" aria-label={own.nist.sets}>
      <table>
        <thead>
          <tr>
            {own.nist.heads.map((name, k) => (
              <th key={name} scope="col" class={k > 2 ? "narrow" : ""}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sets.map(({ name, level, parameters }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="soft">{own.nist.levels[level] ?? level}</td>
              <td class="count">{parameters}</td>
              {[0, 1].map((start) => cell(name, start))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function NistPane({ lang, own, kept, keep }: PaneProps): JSX.Element {
  const [name = FIRST, from = "1"] = (kept ?? FIRST).split(",");
  const start = from === "2" ? 1 : 0;
  const { sets, fit, digits, busy, all } = useNist(lang, name, start);
  const choose = (next: string, to: number): void =>
    keep(next === FIRST && to === 0 ? undefined : `${next},${to + 1}`, true);
  const done = Object.keys(digits).length;
  return (
    <>
      <p class="soft lead">{own.nist.lead}</p>
      <div class="columns narrow nist">
        <div class="work">
          <p class="tools top-of">
            <span class="soft small" role="status">
              {own.nist.done(Object.values(digits).filter((one) => one >= 9).length, done, 2 * sets.length)}
            </span>
            <button type="button" onClick={all} disabled={busy || sets.length === 0 || done === 2 * sets.length}>
              {own.nist.all}
            </button>
          </p>
          <Sets sets={sets} digits={digits} now={keyOf(name, start)} choose={choose} own={own} />
        </div>
        <section class="verdict fitted" id="verdict" tabIndex={-1} aria-label={own.tabs.nist}>
          {fit === null ? (
            <p class="soft" aria-busy="true">
              {own.nist.fitting}
            </p>
          ) : (
            <Fitted fit={fit} own={own} />
          )}
        </section>
      </div>
    </>
  );
}
