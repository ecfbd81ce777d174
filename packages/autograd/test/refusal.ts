/** The error of the library with which a call is refused. */

import { isAutogradError, type AutogradError } from "../src/index.ts";

/** Returns the error that a call throws; throws where there is none, or where it is not the library's. */
export function refusalOf(call: () => unknown): AutogradError {
  try {
    call();
  } catch (error) {
    if (isAutogradError(error)) return error;
    throw error;
  }
  throw new Error(`nothing was refused by ${String(call)}`);
}
