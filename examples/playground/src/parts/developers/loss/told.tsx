/** Value, derivatives, times and graph of a loss. */

import type { JSX } from "preact";
import type { GraphTold, TimesTold, ValuesTold } from "../../../sandbox/inside/loss.ts";
import { Failed } from "../../../sandbox/sandbox.ts";
import type { PaneProps } from "../pane.ts";
import { longNumber, shortNumber, time } from "../show.ts";

type Own = Pick<PaneProps, "own">;

function Hessian({
  names,
  rows,
  own,
}: Own & { readonly names: readonly string[]; readonly rows: readonly (readonly number[])[] }): JSX.Element {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={own.loss.hessian}>
      <table class="numbers hessian">
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={names[i]}>
              <th scope="row">{names[i]}</th>
              {row.map((x, j) => (
                <td key={j} class={i === j ? "diagonal" : ""}>
                  {shortNumber(x)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Values({
  told: { names, point, value, gradient, hessian },
  own,
}: Own & { readonly told: ValuesTold }): JSX.Element {
  return (
    <>
      <p class="value">
        <span>{own.loss.value}</span>
        <output>{longNumber(value)}</output>
      </p>
      <h2>{own.loss.gradient}</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label={own.loss.gradient}>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{own.loss.parameter}</th>
              <th scope="col">{own.loss.at}</th>
              <th scope="col">∂/∂</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name, k) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{shortNumber(point[k] ?? NaN)}</td>
                <td class="main">{longNumber(gradient[k] ?? NaN)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>{own.loss.hessian}</h2>
      {hessian === null ? (
        <p class="soft">{own.loss.many(names.length)}</p>
      ) : (
        <Hessian names={names} rows={hessian} own={own} />
      )}
    </>
  );
}

export function Times({ told, own }: Own & { readonly told: TimesTold | Failed }): JSX.Element {
  if (told instanceof Failed)
    return (
      <>
        <h2>{own.loss.times}</h2>
        <p class="soft">{own.loss.untimed}</p>
      </>
    );
  const { eager, compiled, first, because } = told;
  const longest = Math.max(eager, compiled ?? 0);
  const rows = [
    [own.loss.eager, eager],
    ...(compiled === null ? [] : [[own.loss.compiled, compiled] as const]),
  ] as const;
  return (
    <>
      <h2>{own.loss.times}</h2>
      <table class="times">
        <tbody>
          {rows.map(([name, micros]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="bars">
                <span class="bar-of" style={{ width: `${Math.max(0.5, (100 * micros) / longest)}%` }} />
              </td>
              <td>{time(micros)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft small">
        {compiled === null ? own.loss.uncompiled(because) : own.loss.ratio(eager / compiled, time(1000 * first))}
      </p>
    </>
  );
}

/** The middle of a wide drawing is seen first. */
function centered({ currentTarget: { parentElement: sheet } }: { readonly currentTarget: HTMLImageElement }): void {
  if (sheet !== null) sheet.scrollLeft = (sheet.scrollWidth - sheet.clientWidth) / 2;
}

/** The drawing is a picture of its own, in which nothing can run or be reached. */
export function Graph({ told, own }: Own & { readonly told: GraphTold | Failed }): JSX.Element {
  if (told instanceof Failed)
    return (
      <section class="graph-of">
        <h2>{own.loss.graph}</h2>
        <p class="soft">{told.message}</p>
      </section>
    );
  return (
    <section class="graph-of">
      <h2>{own.loss.graph}</h2>
      <p class="soft small">{own.loss.graphNote}</p>
      <div class="scrolls sheet" tabIndex={0} role="region" aria-label={own.loss.graph}>
        <img alt={own.loss.graphAlt} onLoad={centered} src={`data:image/svg+xml,${encodeURIComponent(told.svg)}`} />
      </div>
      <details>
        <summary>{own.loss.asText}</summary>
        <pre class="scrolls" tabIndex={0}>
          {told.text}
        </pre>
      </details>
    </section>
  );
}
