/** NumPy's archive of named arrays, .npz: what np.savez("work.npz", W1=W1, dW1=dW1) writes. */

import { fileErrors } from "../../../locales/file-errors.ts";
import { alike } from "../../../locales/words.ts";
import { SourceError, type Given, type Source } from "../given.ts";
import { valueOfNpy } from "./npy.ts";
import { unzip } from "./zip.ts";

/** Reads an archive of arrays: each has the name that it was saved by. */
export async function readNpz(name: string, bytes: Uint8Array): Promise<Source> {
  const entries = new Map<string, Given>();
  for (const [member, content] of await unzip(bytes)) {
    if (!member.endsWith(".npy"))
      throw new SourceError(fileErrors.noArrayInArchive({ member }), fileErrors.archiveWith);
    const key = member.replace(/\.npy$/, "");
    try {
      entries.set(key, valueOfNpy(content));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      throw new SourceError(fileErrors.inArray({ key, why: error.says }), error.advises);
    }
  }
  if (entries.size === 0)
    throw new SourceError(fileErrors.emptyArchive, alike('np.savez("work.npz", W1=W1, b1=b1, dW1=dW1, db1=db1)'));
  const nameless = [...entries.keys()].filter((key) => /^arr_\d+$/.test(key));
  if (nameless.length > 0) {
    throw new SourceError(
      fileErrors.namelessArrays({ names: nameless.join(", "), count: nameless.length }),
      fileErrors.sayNames,
    );
  }
  return { name, values: { kind: "record", entries }, notes: [] };
}
