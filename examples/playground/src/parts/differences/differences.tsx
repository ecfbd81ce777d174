/** Differences: the gradient without a single derivative, how far it is off, and what it costs. */

import type { JSX } from "preact";
import { drawnOf, withOtherNumbers } from "../../network/figures.ts";
import { NetworkBar } from "../../network/network-bar.tsx";
import { Fault } from "../../ui/fault.tsx";
import { valueText } from "../../ui/figure.ts";
import { Opening } from "../../ui/opening.tsx";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold } from "../use-told.ts";
import type { DifferencesTold } from "./answer.ts";
import { atOf, exponentOf, exponents, ways, type Way } from "./place.ts";
import { Plot } from "./plot.tsx";
import "./differences.css";
import { en, type DifferencesWords } from "./words/en.ts";
import { zh } from "./words/zh.ts";

interface Shown {
  readonly told: DifferencesTold;
  readonly exponent: number;
  readonly own: DifferencesWords;
}

/** ε as somebody types it. */
const epsilonText = (exponent: number): string =>
  (Number.isInteger(exponent) ? `1e${exponent}` : (10 ** exponent).toExponential(1))
    .replace("e0", "")
    .replace("e-", "e−");

const DIGITS = 16;

/** The digits of a number that are right, and the rest. */
function Digits({ value, exact }: { readonly value: number; readonly exact: number }): JSX.Element {
  const [own = "", power = ""] = value.toPrecision(DIGITS).replaceAll("-", "−").split("e");
  const [right = "", rightPower = ""] = exact.toPrecision(DIGITS).replaceAll("-", "−").split("e");
  let same = 0;
  if (power === rightPower) while (same < own.length && own[same] === right[same]) same += 1;
  return (
    <span class="digits">
      <b>{own.slice(0, same)}</b>
      <s>{own.slice(same)}</s>
      {power === "" ? "" : `e${power.replace("+", "")}`}
    </span>
  );
}

const indexOf = (exponent: number): number => exponents.indexOf(exponent);

function best(told: DifferencesTold, way: Way): { readonly error: number; readonly exponent: number } {
  const errors = told.curves[way].readings.map(({ error }) => error);
  const least = Math.min(...errors);
  return { error: least, exponent: exponents[errors.lastIndexOf(least)]! };
}

function WayCard({ way, told, exponent, own }: Shown & { readonly way: Way }): JSX.Element {
  const { readings, evaluations } = told.curves[way];
  const { error, value } = readings[indexOf(exponent)]!;
  const least = best(told, way);
  return (
    <li class={`way ${way}`}>
      <h3>{own.ways[way].name}</h3>
      <p class="formula">{own.ways[way].formula}</p>
      <p>
        <Digits value={value} exact={told.exact} />
      </p>
      <dl>
        <dt>{own.error}</dt>
        <dd>{valueText(error, 2)}</dd>
        <dt>{own.evaluations}</dt>
        <dd>
          {own.ways[way].count} = {evaluations}
        </dd>
        <dt>{own.best}</dt>
        <dd>{own.bestAt({ error: valueText(least.error, 2), epsilon: epsilonText(least.exponent) })}</dd>
      </dl>
    </li>
  );
}

function Ways(shown: Shown): JSX.Element {
  const { told, own } = shown;
  return (
    <>
      <h2>{own.derivativeBy(told.place)}</h2>
      <p class="soft">{own.digitsSay}</p>
      <ul class="ways">
        {ways.map((way) => (
          <WayCard key={way} way={way} {...shown} />
        ))}
        <li class="way backprop">
          <h3>{own.backprop.name}</h3>
          <p class="formula">{own.backprop.formula}</p>
          <p>
            <Digits value={told.exact} exact={told.exact} />
          </p>
          <dl>
            <dt>{own.evaluations}</dt>
            <dd>{own.backprop.count}</dd>
            <dt>{own.names}</dt>
            <dd>{own.backprop.names}</dd>
          </dl>
        </li>
      </ul>
      {told.followed < told.parameters && (
        <p class="soft">{own.someFollowed({ followed: told.followed, parameters: told.parameters })}</p>
      )}
    </>
  );
}

function CurveTable({ told, own }: Omit<Shown, "exponent">): JSX.Element {
  return (
    <details class="curve-table">
      <summary>{own.asTable}</summary>
      <div class="scrolls" tabIndex={0} role="region" aria-label={own.asTable}>
        <table>
          <thead>
            <tr>
              <th scope="col">ε</th>
              {ways.map((way) => (
                <th key={way} scope="col">
                  {own.ways[way].name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exponents.filter(Number.isInteger).map((exponent) => (
              <tr key={exponent}>
                <th scope="row">{epsilonText(exponent)}</th>
                {ways.map((way) => (
                  <td key={way}>{valueText(told.curves[way].readings[indexOf(exponent)]!.error, 2)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Curves({ told, exponent, own, to }: Shown & { readonly to: (exponent: number) => void }): JSX.Element {
  const epsilon = epsilonText(exponent);
  const says = own.says({
    epsilon,
    errors: ways
      .map((way) => `${own.ways[way].name} ${valueText(told.curves[way].readings[indexOf(exponent)]!.error, 2)}`)
      .join(", "),
  });
  return (
    <div class="curves">
      <Plot curves={told.curves} exponent={exponent} own={own} label={own.plot} to={to} />
      <label class="epsilon">
        <span>
          ε = <output>{epsilon}</output>
        </span>
        <input
          type="range"
          min={0}
          max={exponents.length - 1}
          value={indexOf(exponent)}
          aria-label={own.epsilon}
          aria-valuetext={says}
          onInput={({ currentTarget }) => to(exponents[Number(currentTarget.value)]!)}
        />
      </label>
      <p class="unseen" role="status">
        {says}
      </p>
    </div>
  );
}

export function DifferencesPart({ lang, words, at, go, state: { net, cost, parts }, change }: PartProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  // The numbers are those that *watch it flow* goes through.
  const drawn = drawnOf(new URLSearchParams(parts.flow ?? ""));
  const exponent = exponentOf(at);
  const answer = useTold("differences", lang, { net, cost, drawn }, JSON.stringify([net, cost, drawn]));
  const told = answer?.kind === "told" ? answer.told : null;
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <div class="columns narrow">
        <div class="work">
          <NetworkBar net={net} cost={cost} words={words} change={(part) => change(part, true)} />
          <p class="tools">
            <span class="soft">{own.note}</span>
            <button
              type="button"
              onClick={() => change({ parts: { ...parts, flow: withOtherNumbers(parts.flow ?? "") } }, true)}
            >
              {own.others}
            </button>
          </p>
        </div>
        <section class="verdict differences" id="verdict" tabIndex={-1} aria-label={words.screens.differences}>
          {answer === null && (
            <p class="soft" aria-busy="true">
              {words.thinking}
            </p>
          )}
          {answer?.kind === "fault" && <Fault says={answer.says} words={words} />}
          {told !== null && (
            <>
              <Curves told={told} exponent={exponent} own={own} to={(next) => go(atOf(next))} />
              <Ways told={told} exponent={exponent} own={own} />
              <CurveTable told={told} own={own} />
            </>
          )}
        </section>
      </div>
    </>
  );
}
