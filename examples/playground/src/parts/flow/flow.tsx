/** Watch it flow: one sample through the visitor's own network and back, a step at a time. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { redrawn, type Drawn } from "../../network/figures.ts";
import { NetworkBar } from "../../network/network-bar.tsx";
import { specOf } from "../../network/spec.ts";
import { Choice } from "../../ui/choice.tsx";
import { Fault } from "../../ui/fault.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { Opening } from "../../ui/opening.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold } from "../use-told.ts";
import type { FlowTold } from "./answer.ts";
import { PathsCard, spoken, StepCard } from "./cards.tsx";
import { Controls } from "./controls.tsx";
import { atOf, notations, placeOf, type FlowPlace } from "./place.ts";
import { Stage } from "./stage.tsx";
import { Tables } from "./tables.tsx";
import "./flow.css";
import { useWalk } from "./use-walk.ts";
import { en, type FlowWords } from "./words/en.ts";
import { zh } from "./words/zh.ts";

/** Characters of a line of a formula beside the network, and on a phone. */
const [WIDE, NARROW] = [44, 24];

interface Shown {
  readonly told: FlowTold;
  readonly place: FlowPlace;
  readonly activations: readonly string[];
  readonly narrow: boolean;
  readonly own: FlowWords;
  readonly put: (part: Partial<FlowPlace>, kept?: boolean) => void;
}

function Watched({ told, place, activations, narrow, own, put }: Shown): JSX.Element {
  const walk = useWalk(place.step, told.steps.length, (step) => put({ step }));
  const [path, look] = useState<number | null>(null);
  useEffect(() => {
    look(null);
  }, [place.weight?.layer, place.weight?.to, place.weight?.from]);
  const says = spoken(told, walk.step, own);
  return (
    <div class="columns watched">
      <section class="work stage-card" aria-label={own.stage}>
        <Stage
          told={told}
          activations={activations}
          step={walk.step}
          playing={walk.playing}
          narrow={narrow}
          weight={told.chosen?.weight ?? null}
          path={path}
          own={own}
          choose={(weight) => put({ weight }, true)}
        />
        <Controls {...walk} steps={told.steps.length} says={says} own={own} />
      </section>
      <section class="verdict" id="verdict" tabIndex={-1} aria-label={own.theStep}>
        <p class="unseen" role="status">
          {says}
        </p>
        <StepCard told={told} step={walk.step} own={own} />
        {told.chosen === null ? (
          <p class="soft hint">{own.hint}</p>
        ) : (
          <PathsCard chosen={told.chosen} path={path} own={own} look={look} close={() => put({ weight: null }, true)} />
        )}
      </section>
    </div>
  );
}

function Bar({ place, own, put }: Pick<Shown, "place" | "own" | "put">): JSX.Element {
  const draw = (drawn: Drawn): void => put({ drawn }, true);
  const { seed, own: typed } = place.drawn;
  const seedTo = (value: string): void => draw({ seed: Math.round(Number(value)) || 0, own: {} });
  return (
    <div class="bar">
      <div class="seed">
        <label>
          <span>{own.seed}</span> <NumberField min={0} max={9999} value={seed} change={seedTo} />
        </label>
        <button type="button" onClick={() => draw(redrawn(place.drawn))}>
          {own.others}
        </button>
        {Object.keys(typed).length > 0 && (
          <button type="button" onClick={() => draw({ seed, own: {} })}>
            {own.untype}
          </button>
        )}
      </div>
      <Choice
        label={own.notation}
        name="notation"
        shown
        value={place.notation}
        options={notations.map((name) => [name, own.notations[name]!] as const)}
        choose={(notation) => put({ notation }, true)}
      />
    </div>
  );
}

export function Flow({ lang, words, at, go, state: { net, cost }, change }: PartProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const place = placeOf(at);
  const { drawn, notation, weight } = place;
  const narrow = useMedia("(max-width: 40rem)");
  const asked = { net, cost, drawn, notation, weight, columns: narrow ? NARROW : WIDE };
  const answer = useTold("flow", lang, asked, JSON.stringify(asked));
  const put: Shown["put"] = (part, kept) => go(atOf({ ...place, ...part }), kept);
  const set = (where: string, value: number): void =>
    put({ drawn: { ...drawn, own: { ...drawn.own, [where]: value } } }, true);
  const told = answer?.kind === "told" ? answer.told : null;
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <Bar place={place} own={own} put={put} />
      {answer === null && (
        <p class="soft" aria-busy="true">
          {words.thinking}
        </p>
      )}
      {answer?.kind === "fault" && (
        <div id="verdict" tabIndex={-1}>
          <Fault says={answer.says} words={words} />
        </div>
      )}
      {told !== null && (
        <Watched told={told} place={place} activations={specOf(net).activations} narrow={narrow} own={own} put={put} />
      )}
      <div class="columns narrow below">
        <div class="work">
          <NetworkBar net={net} cost={cost} words={words} change={(part) => change(part, true)} />
        </div>
        {told !== null && <Tables told={told} written={drawn.own} own={own} set={set} />}
      </div>
    </>
  );
}
