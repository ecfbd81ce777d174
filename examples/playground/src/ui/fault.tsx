/** Says why something cannot be read or done. */

import type { Words } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import type { PageWords } from "../words/en.ts";

export function Fault({ says, words }: { readonly says: readonly Words[]; readonly words: PageWords }): JSX.Element {
  const own = words.tag === "en" ? "en" : "zh";
  return (
    <div class="report">
      <div class="banner inconclusive">
        <h2>{words.unread}</h2>
        {says.map((one) => (
          <p key={one.en}>{one[own]}</p>
        ))}
      </div>
    </div>
  );
}
