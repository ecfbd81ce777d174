/** Files, numbers, and texts that name their network: loaded when the first of them is there. */

import { checkFiles, type CheckedFiles, type FileOptions } from "@chainrule/nn/handcheck";
import type { Subject } from "./protocol.ts";

/** The network beside the work, as one that stands in. */
export function networkFor(net: string, cost: string): NonNullable<FileOptions["network"]> {
  const [sizes = "", names = ""] = net.split(":");
  return { sizes: sizes.split("-").map(Number), activations: names.split(","), cost };
}

export const checkedFiles = ({ net, cost, text, files }: Subject): Promise<CheckedFiles> =>
  checkFiles(files.length > 0 ? files : [{ name: "work.txt", content: text }], { network: networkFor(net, cost) });
