/** Functions that run in the sandbox: the judge here, over the answers that the page has carried here until now. */

import { checkBackward, type CheckedFiles } from "@chainrule/nn/handcheck";
import { networkFor } from "./files.ts";
import type { Subject } from "./protocol.ts";
import { Wanted } from "./wanted.ts";

export function checkedCode({ net, cost, code }: Subject): Promise<CheckedFiles> {
  const { about, batches } = code!;
  let next = 0;
  return checkBackward(
    (calls) => {
      const answers = batches[next++];
      if (answers === undefined) throw new Wanted(calls);
      return answers;
    },
    about,
    { network: networkFor(net, cost) },
  );
}
