/** Play, a step at a time, and a slider over all of them. */

import type { JSX } from "preact";
import type { FlowWords } from "./words/en.ts";

interface Props {
  readonly step: number;
  readonly steps: number;
  readonly playing: boolean;
  /** Nothing moves by itself for whoever asked for that. */
  readonly still: boolean;
  readonly says: string;
  readonly own: FlowWords;
  readonly to: (step: number) => void;
  readonly play: (on: boolean) => void;
}

const icons = {
  first: "M4 3v10M13 3 6 8l7 5z",
  back: "M11 3 4 8l7 5z",
  play: "M4 2.5 13 8l-9 5.5z",
  pause: "M5 3v10M11 3v10",
  next: "m5 3 7 5-7 5z",
} as const;

const Icon = ({ of }: { readonly of: keyof typeof icons }): JSX.Element => (
  <svg class={`icon ${of}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <path d={icons[of]} />
  </svg>
);

export function Controls({ step, steps, playing, still, says, own, to, play }: Props): JSX.Element {
  const last = steps - 1;
  return (
    <div class="controls" role="group" aria-label={own.controls}>
      <div class="keys">
        <button type="button" aria-label={own.first} title={own.first} disabled={step === 0} onClick={() => to(0)}>
          <Icon of="first" />
        </button>
        <button type="button" aria-label={own.back} title={own.back} disabled={step === 0} onClick={() => to(step - 1)}>
          <Icon of="back" />
        </button>
        {!still && (
          <button type="button" class="play" aria-label={playing ? own.pause : own.play} onClick={() => play(!playing)}>
            <Icon of={playing ? "pause" : "play"} />
            <span>{playing ? own.pause : own.play}</span>
          </button>
        )}
        <button
          type="button"
          aria-label={own.next}
          title={own.next}
          disabled={step === last}
          onClick={() => to(step + 1)}
        >
          <Icon of="next" />
          {still && <span>{own.next}</span>}
        </button>
      </div>
      <input
        class="scrub"
        type="range"
        min={0}
        max={last}
        value={step}
        aria-label={own.scrub}
        aria-valuetext={says}
        onInput={({ currentTarget }) => to(Number(currentTarget.value))}
      />
      <output class="count">{own.count({ step: step + 1, steps })}</output>
    </div>
  );
}
