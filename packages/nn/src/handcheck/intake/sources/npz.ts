/** NumPy's archive of named arrays, .npz: what np.savez("work.npz", W1=W1, dW1=dW1) writes. */

import { SourceError, type Given, type Source } from "../given.ts";
import { valueOfNpy } from "./npy.ts";
import { unzip } from "./zip.ts";

/** Reads an archive of arrays: each has the name that it was saved by. */
export async function readNpz(name: string, bytes: Uint8Array): Promise<Source> {
  const entries = new Map<string, Given>();
  for (const [member, content] of await unzip(bytes)) {
    if (!member.endsWith(".npy"))
      throw new SourceError(`${member} in the archive is no array`, "write the archive with np.savez");
    const key = member.replace(/\.npy$/, "");
    try {
      entries.set(key, valueOfNpy(content));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw new SourceError(`${key}: ${error.message}`, error.advice);
    }
  }
  if (entries.size === 0)
    throw new SourceError("the archive is empty", 'np.savez("work.npz", W1=W1, b1=b1, dW1=dW1, db1=db1)');
  const nameless = [...entries.keys()].filter((key) => /^arr_\d+$/.test(key));
  if (nameless.length > 0) {
    throw new SourceError(
      `${nameless.join(", ")} ${nameless.length === 1 ? "is an array" : "are arrays"} without a name`,
      'say the names: np.savez("work.npz", W1=W1, dW1=dW1)',
    );
  }
  return { name, values: { kind: "record", entries }, notes: [] };
}
