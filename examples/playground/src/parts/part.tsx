/** The part that the address names, once it is loaded. */

import type { JSX } from "preact";
import { later, type Later } from "../ui/later.tsx";
import { partNames, parts, type PartName, type PartProps } from "./parts.ts";

const all = Object.fromEntries(
  partNames.map((name) => [name, later<PartProps>(parts[name], ({ words }) => words.thinking)]),
) as Readonly<Record<PartName, Later<PartProps>>>;

/** Loads a part, so that it is shown at once. */
export const partComes = (name: PartName): Promise<void> => all[name].comes();

/** A part from among all, by its name. */
export function Part({ name, ...props }: { readonly name: PartName } & PartProps): JSX.Element {
  const Found = all[name];
  return <Found {...props} />;
}
