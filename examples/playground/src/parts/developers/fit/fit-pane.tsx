/** Twelve peaks whose data are dragged, by pointer or by keys, and a fit of all 48 parameters that follows. */

import type { JSX, RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Axis } from "../axis.tsx";
import { draw, placeOf } from "../curve.ts";
import type { PaneProps } from "../pane.ts";
import { digits } from "../show.ts";
import { centerOf, first, heightOf, moved, PEAKS, peaksOf, POINTS, SPAN, TALLEST, wordOf } from "./peaks.ts";
import { useFit, type Frame } from "./use-fit.ts";

const x = Float64Array.from({ length: POINTS }, (_, i) => (i * SPAN) / (POINTS - 1));
const across = { from: 0, to: SPAN };
const up = { from: -0.15, to: TALLEST + 0.25 };
const residuals = { from: -0.5, to: 0.5 };
/** The part of the height that the peaks have; the differences lie below. */
const TALL = 0.82;
const STEP = { center: 0.2, height: 0.05 };
const keys: Readonly<Record<string, readonly [center: number, height: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Peaks {
  readonly truth: readonly number[];
  readonly move: (k: number, center: number, height: number) => void;
  /** Keeps what was moved. */
  readonly release: () => void;
  /** Takes the peaks back to where they are at first. */
  readonly back: () => void;
}

/** A handle on each peak of the data. */
function Handles({ truth, move, release, own }: Omit<Peaks, "back"> & Pick<PaneProps, "own">): JSX.Element {
  const field = useRef<HTMLDivElement>(null);
  const drag =
    (k: number) =>
    (event: PointerEvent): void => {
      const { left, top, width, height } = field.current!.getBoundingClientRect();
      move(
        k,
        ((event.clientX - left) / width) * SPAN,
        up.from + (1 - (event.clientY - top) / (height * TALL)) * (up.to - up.from),
      );
    };
  const down =
    (k: number) =>
    (event: PointerEvent): void => {
      const handle = event.currentTarget as HTMLElement;
      handle.setPointerCapture(event.pointerId);
      const follow = drag(k);
      const end = (): void => {
        handle.removeEventListener("pointermove", follow);
        release();
      };
      handle.addEventListener("pointermove", follow);
      handle.addEventListener("pointerup", end, { once: true });
      handle.addEventListener("pointercancel", end, { once: true });
    };
  const press =
    (k: number) =>
    (event: KeyboardEvent): void => {
      const way = keys[event.key];
      if (way === undefined) return;
      event.preventDefault();
      const far = event.shiftKey ? 5 : 1;
      move(k, centerOf(truth, k) + way[0] * STEP.center * far, heightOf(truth, k) + way[1] * STEP.height * far);
      release();
    };
  return (
    <div class="handles" ref={field}>
      {Array.from({ length: PEAKS }, (_, k) => {
        const [c, h] = [centerOf(truth, k), heightOf(truth, k)];
        const place = { left: `${placeOf(c, across, 100)}%`, top: `${100 * TALL - placeOf(h, up, 100 * TALL)}%` };
        return (
          <button
            key={k}
            type="button"
            class="handle"
            style={place}
            aria-label={own.fit.handle(k + 1, c, h)}
            aria-describedby="fit-keys"
            onPointerDown={down(k)}
            onKeyDown={press(k)}
          />
        );
      })}
    </div>
  );
}

function Table({ frame, own }: Pick<PaneProps, "own"> & { readonly frame: Frame }): JSX.Element {
  const cell = (j: number): string => {
    const spread = frame.deviations[j];
    return `${digits(frame.parameters[j]!, 5)}${spread === undefined ? "" : ` ± ${digits(spread, 2)}`}`;
  };
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={own.fit.table}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{own.fit.peak}</th>
            {own.fit.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: PEAKS }, (_, k) => (
            <tr key={k}>
              <th scope="row">{k + 1}</th>
              {[0, 1, 2, 3].map((j) => (
                <td key={j} class={j < 2 ? "main" : ""}>
                  {cell(4 * k + j)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Says({ frame, own }: Pick<PaneProps, "own"> & { readonly frame: Frame | null }): JSX.Element {
  if (frame === null) return <p class="says soft">{own.fit.starting}</p>;
  const { converged, since, steps, spent, sum } = frame;
  return (
    <p class={`says ${converged ? "there" : ""}`}>
      <b>{converged ? own.fit.there(since.steps, since.milliseconds) : own.fit.follows}</b>
      <span>{own.fit.frame(steps, spent)}</span>
      <span>{own.fit.sum(digits(sum, 5))}</span>
    </p>
  );
}

/** The peaks of the data: as the address says them, until they are moved. */
function usePeaks({ kept, keep, epoch }: Pick<PaneProps, "kept" | "keep" | "epoch">): Peaks {
  const [truth, set] = useState(() => peaksOf(kept));
  const now = useRef(truth);
  now.current = truth;
  useEffect(() => {
    set(peaksOf(kept));
  }, [epoch]);
  return {
    truth,
    move: (k, center, height) => {
      now.current = moved(now.current, k, center, height);
      set(now.current);
    },
    release: () => keep(wordOf(now.current)),
    back: () => {
      set(first);
      keep(undefined, true);
    },
  };
}

/** A canvas that shows the frame, painted anew when its size or its colors change. */
function usePainted(frame: Frame | null): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paint = (): void => {
    if (frame !== null && canvas.current !== null)
      draw(canvas.current, { x, y: frame.y, curve: frame.curve, across, up, residuals });
  };
  useEffect(paint, [frame]);
  useEffect(() => {
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    addEventListener("resize", paint);
    scheme.addEventListener("change", paint);
    return () => {
      removeEventListener("resize", paint);
      scheme.removeEventListener("change", paint);
    };
  });
  return canvas;
}

export function FitPane({ lang, own, kept, keep, epoch }: PaneProps): JSX.Element {
  const { truth, move, release, back } = usePeaks({ kept, keep, epoch });
  const [frame, again] = useFit(lang, truth);
  const canvas = usePainted(frame);
  const handles = useMemo(() => <Handles truth={truth} move={move} release={release} own={own} />, [truth, own, kept]);
  return (
    <section id="verdict" tabIndex={-1} aria-label={own.tabs.fit} class="follows">
      <p class="soft">{own.fit.lead}</p>
      <Says frame={frame} own={own} />
      <div class="field">
        <canvas ref={canvas} role="img" aria-label={own.fit.drawing} />
        {handles}
        <span class="tag" aria-hidden="true">
          {own.fit.left}
        </span>
      </div>
      <Axis across={across} />
      <p class="small soft" id="fit-keys">
        {own.fit.keys}
      </p>
      <p class="tools plain">
        <button type="button" onClick={again}>
          {own.fit.again}
        </button>
        <button type="button" onClick={back} disabled={wordOf(truth) === undefined}>
          {own.fit.back}
        </button>
      </p>
      {frame !== null && (
        <details>
          <summary>{own.fit.table}</summary>
          <Table frame={frame} own={own} />
        </details>
      )}
    </section>
  );
}
