/** Programs that run a person's code for a check: processes of the main thread, asked by the worker. */

import { readOctave } from "../handcheck/intake/sources/octave/octave.ts";
import { PythonFile, type PythonCall, type PythonOptions } from "../handcheck/intake/sources/python/python.ts";
import type { Packed } from "../handcheck/intake/sources/python/values.ts";
import type { Handlers } from "./bridge.ts";

/** The answers to the worker's questions about one file, and an end for whatever was started. */
export function programsFor(file: string, options: PythonOptions): { readonly handlers: Handlers; readonly end: () => void } {
  let python: PythonFile | null = null;
  const opened = (): PythonFile => {
    if (python === null) throw new Error("no Python was started");
    return python;
  };
  return {
    handlers: {
      open: async () => (python = await PythonFile.open(file, options)).text,
      load: (wanted: readonly string[]) => opened().load(wanted),
      call: (call: PythonCall) => opened().call(call),
      attributes: ({ name, constructor_ }: { readonly name: string; readonly constructor_: Packed }) => opened().attributes(name, constructor_),
      script: () => opened().script(),
      octave: () => readOctave(file, options),
    },
    end: () => python?.end(),
  };
}
