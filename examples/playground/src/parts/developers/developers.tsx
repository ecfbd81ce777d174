/**
 * What the library does beyond networks: derivatives of a loss that is typed, fits that follow, and fits that are
 * certified.
 */

import type { JSX } from "preact";
import { Choice } from "../../ui/choice.tsx";
import { Opening } from "../../ui/opening.tsx";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { FitPane } from "./fit/fit-pane.tsx";
import { LossPane } from "./loss/loss-pane.tsx";
import { NistPane } from "./nist/nist-pane.tsx";
import type { PaneProps } from "./pane.ts";
import { atOf, heldOf, tabs, type Tab } from "./state.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";
import "./developers.css";

const panes: Readonly<Record<Tab, (props: PaneProps) => JSX.Element>> = {
  loss: LossPane,
  fit: FitPane,
  nist: NistPane,
};

export function Developers({ lang, words, at, go, epoch }: PartProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const held = heldOf(at);
  const Pane = panes[held.tab];
  const keep = (kept: string | undefined, step?: boolean): void =>
    go(atOf({ ...held, kept: { ...held.kept, [held.tab]: kept } }), step);
  const options = tabs.map((tab) => [tab, own.tabs[tab]] as const);
  return (
    <div class="developers">
      <Opening title={own.title} lead={own.lead} />
      <div class="bar tabs">
        <Choice
          label={own.which}
          name="dev-tab"
          value={held.tab}
          options={options}
          choose={(tab) => go(atOf({ ...held, tab }), true)}
        />
      </div>
      <Pane key={held.tab} {...{ lang, words, own, keep, epoch }} kept={held.kept[held.tab]} />
    </div>
  );
}
