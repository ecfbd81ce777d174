/** A component that is loaded when it is first shown. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  let Loaded: ComponentType<P> | null = null;
  return function Later(props) {
    const [, found] = useState(Loaded !== null);
    useEffect(() => {
      if (Loaded !== null) return;
      void load().then((component) => {
        Loaded = component;
        found(true);
      });
    }, []);
    return Loaded === null ? <p class="soft" aria-busy="true" /> : <Loaded {...props} />;
  };
}
