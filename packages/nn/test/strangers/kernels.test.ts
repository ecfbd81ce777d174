/** What is said of strangers' kernels and graphs that are wrong: in words, of what goes in and comes out. */

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chainrule, strangersFile } from "../handcheck/cli/command.ts";

interface Root {
  readonly of: readonly string[];
  readonly says: { readonly en: string; readonly zh: string };
  readonly yours: string;
  readonly correct: string;
  readonly features: readonly { readonly en: string }[];
}

const here = fileURLToPath(new URL("./hand/", import.meta.url));

/** Each file is judged once, for all that is asked of it. */
const known = new Map<string, Promise<readonly Root[]>>();

async function judge(file: string): Promise<readonly Root[]> {
  const { stdout } = await chainrule(["check", strangersFile(`${here}${file}`), "--json"]);
  return (JSON.parse(stdout) as { readonly roots: readonly Root[] }).roots;
}

function rootsOf(file: string): Promise<readonly Root[]> {
  const roots = known.get(file) ?? judge(file);
  known.set(file, roots);
  return roots;
}

/** By file and gradient. */
const sentences: readonly (readonly [file: string, of: string, says: RegExp])[] = [
  ["k01_bn_gamma.ts", "dx", /γ is forgotten/],
  ["k04_isrlu.ts", "dx1", /the upstream gradient is ignored/],
  ["k05_tanh.ts", "dx1", /taken at the upstream gradient where x1 belongs, which is not multiplied in/],
  ["k06_softmax_diag.ts", "dx", /only the diagonal of the softmax's Jacobian/],
  ["k07_softmax_one.ts", "dx", /1 − p stands where the Jacobian of the softmax belongs/],
  ["k09_gauss.ts", "dlogvar", /yours − correct is 1\/4 g in every entry \(g is the upstream gradient\)/],
  ["k10_neg_dsse.ts", "dvo", /yours \/ correct is σ\(u·vo\) in every entry/],
  ["k10_neg_dsse.ts", "dvk", /yours \/ correct is σ\(−vk u\)/],
  ["k10b_neg_notebook.ts", "duk", /yours − correct is −g v in every entry/],
  ["k12_contrastive.ts", "da", /yours − correct is −g b in every entry/],
  ["k12_contrastive.ts", "db", /yours − correct is −g a in every entry/],
  ["k12b_contrastive_gpu.ts", "da", /the factor a − b is missing/],
  ["k12b_contrastive_gpu.ts", "db", /the factor a − b is missing/],
  ["k13_xAx.ts", "dA", /x\[i\] stands where x\[j\] belongs/],
  ["k13_xAx.ts", "dx", /another formula/],
  ["g02_rnn.ts", "dh2", /the path through net3 is missing/],
  ["g02b_rnn_final_only.ts", "dWhh", /nothing comes back through time, from net3 to h2 and from net2 to h1/],
  ["g04_negsampling.ts", "duk", /yours − correct is −v in every entry/],
  ["k14_rpow.ts", "dx1", /the rule of a power, x1\^3\.5, stands where that of 3\.5\^x1 belongs/],
  ["k14b_rpow.ts", "dx1", /the rule of a power, x1\^3, stands where that of 3\^x1 belongs/],
];

describe.concurrent("strangers' kernels", () => {
  it.each(sentences)("%s, %s", async (file, of, says) => {
    const root = (await rootsOf(file)).find((one) => one.of.includes(of))!;
    expect(root.says.en).toMatch(says);
    expect(root.says.zh).toMatch(/\p{Script=Han}/u);
  });

  it("have both formulas where the sentence alone says little", async () => {
    const [, dx] = await rootsOf("k13_xAx.ts");
    expect([dx!.yours, dx!.correct]).toEqual(["dx = 2 g (A x)", "dx = g (A x) + g (Aᵀ x)"]);
    const [power] = await rootsOf("k14_rpow.ts");
    expect([power!.yours, power!.correct, power!.features[0]!.en]).toEqual([
      "dx1 = 7/2 g x1^2.5",
      "dx1 = ln 3.5 g y",
      "it is no number where x1 < 0",
    ]);
  });
});
