/** The verdict: the report as the library writes it, or what stands in its way. */

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { isStill } from "../ui/use-media.ts";
import type { PageWords } from "../words/en.ts";
import type { Answer } from "../worker/protocol.ts";
import { left, moved, pointed } from "./maps.ts";

/** Links within the report go to its equations; the address is the page's own. */
function follow(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
  const target =
    link === null
      ? null
      : (event.currentTarget as Element).querySelector<HTMLElement>(
          `[id="${CSS.escape(link.getAttribute("href")!.slice(1))}"]`,
        );
  if (link === null) return;
  event.preventDefault();
  if (target === null) return;
  target.tabIndex = -1;
  target.scrollIntoView({ block: "nearest", behavior: isStill() ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
}

/** The library escapes every text that it writes. */
export const Report = ({ html }: { readonly html: string }): JSX.Element => (
  <div
    class="report"
    onClick={follow}
    onPointerOver={pointed}
    onPointerLeave={left}
    onFocusOut={left}
    onKeyDown={moved}
    dangerouslySetInnerHTML={{ __html: html }}
  />
);

/**
 * The verdict in a line, for who listens and, where the page is narrow, for who types: the first heading of the report.
 */
export function Summary({
  answer,
  empty,
  words,
}: {
  readonly answer: Answer | null;
  readonly empty: boolean;
  readonly words: PageWords;
}): JSX.Element {
  const [headline, set] = useState("");
  useLayoutEffect(() => {
    set(document.querySelector(".report .banner :is(h1, h2)")?.textContent ?? "");
  }, [answer, empty, words]);
  return (
    <p class={`summary ${!empty && answer?.kind === "report" ? answer.verdict : ""}`} role="status">
      {headline !== "" && (
        <a
          href="#verdict"
          tabIndex={-1}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById("verdict")?.scrollIntoView();
          }}
        >
          {headline}
        </a>
      )}
    </p>
  );
}

export function VerdictPane({
  answer,
  empty,
  words,
}: {
  readonly answer: Answer | null;
  readonly empty: boolean;
  readonly words: PageWords;
}): JSX.Element {
  if (empty)
    return (
      <div class="report">
        <div class="banner quiet">
          <h2>{words.nothing.title}</h2>
          <p>{words.nothing.says}</p>
        </div>
      </div>
    );
  if (answer?.kind === "report") return <Report html={answer.html} />;
  if (answer?.kind !== "fault")
    return (
      <div class="report waiting" aria-busy="true">
        <p class="soft">{words.thinking}</p>
      </div>
    );
  const { fault, says } = answer;
  const own = words.tag === "en" ? "en" : "zh";
  return (
    <div class="report">
      <div class="banner inconclusive">
        <h2>{words.unread}</h2>
        {says.map((one) => (
          <p key={one.en}>
            {fault === null ? "" : `${words.line(fault.line)}: `}
            {one[own]}
          </p>
        ))}
      </div>
    </div>
  );
}
