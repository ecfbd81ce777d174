/** What stands above a part: what it is, and in a sentence what it is for. */

import type { ComponentChildren, JSX } from "preact";

export const Opening = ({ title, lead }: { readonly title: ComponentChildren; readonly lead: string }): JSX.Element => (
  <div class="opening">
    <h1>{title}</h1>
    <p>{lead}</p>
  </div>
);
