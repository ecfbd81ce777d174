/** Files, numbers, and texts that name their network: loaded when the first of them is there. */

import { checkFiles, type CheckedFiles } from "@chainrule/nn/handcheck";
import type { Subject } from "./protocol.ts";

export function checkedFiles({ net, cost, text, files }: Subject): Promise<CheckedFiles> {
  const [sizes = "", names = ""] = net.split(":");
  const network = { sizes: sizes.split("-").map(Number), activations: names.split(","), cost };
  return checkFiles(files.length > 0 ? files : [{ name: "work.txt", content: text }], { network });
}
