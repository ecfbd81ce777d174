/** The part that the address names, once it is loaded. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parts, type PartName, type PartProps } from "./parts.ts";

const loaded = new Map<PartName, ComponentType<PartProps>>();

/** A part from among all, by its name. */
export function Part({ name, ...props }: { readonly name: PartName } & PartProps): JSX.Element {
  const [, found] = useState(0);
  useEffect(() => {
    if (loaded.has(name)) return;
    void parts[name]().then((component) => {
      loaded.set(name, component);
      found((count) => count + 1);
    });
  }, [name]);
  const Found = loaded.get(name);
  if (Found === undefined)
    return (
      <p class="soft" aria-busy="true">
        {props.words.thinking}
      </p>
    );
  return <Found {...props} />;
}
