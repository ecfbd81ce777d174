/** A component that is loaded when it is first shown, or before. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface Later<P> {
  (props: P): JSX.Element;
  /** Loads it, so that it is shown at once. */
  comes(): Promise<void>;
}

/** @param says - what stands there until then */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  says: (props: P) => string = () => "",
): Later<P> {
  let Loaded: ComponentType<P> | null = null;
  const comes = async (): Promise<void> => {
    Loaded ??= await load();
  };
  function Shown(props: P): JSX.Element {
    const [, found] = useState(Loaded !== null);
    useEffect(() => {
      if (Loaded === null) void comes().then(() => found(true));
    }, []);
    return Loaded === null ? (
      <p class="soft" aria-busy="true">
        {says(props)}
      </p>
    ) : (
      <Loaded {...props} />
    );
  }
  return Object.assign(Shown, { comes });
}
