/** The subcommand `init`: a file to begin with, right as it stands, in the language of the person. */

import { copyFileSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { packageFile } from "../handcheck/intake/sources/process/package-file.ts";
import { progress, usageErrors } from "../locales/usage-errors.ts";
import { alike } from "../locales/words.ts";
import { read } from "./arguments.ts";
import { near } from "./near.ts";
import type { Terminal } from "./output.ts";
import { UsageError } from "./usage-error.ts";
import { init, templateNames } from "./usage.ts";

type Template = (typeof templateNames)[number];

/** The file of a template, what it is called where it is written, and how it is checked. */
const templates: Readonly<Record<Template, { readonly file: string; readonly name: string; readonly words: string }>> =
  {
    numpy: { file: "with-numpy.py", name: "backprop.py", words: "" },
    torch: { file: "with-torch.py", name: "backprop.py", words: "" },
    notebook: { file: "with-notebook.ipynb", name: "backprop.ipynb", words: "" },
    octave: { file: "with-octave.m", name: "backprop.m", words: " --net 2-3-1:sigmoid --cost crossEntropy" },
    typescript: { file: "with-typescript.ts", name: "backprop.ts", words: "" },
  };

const isTemplate = (name: string): name is Template => templateNames.some((one) => one === name);

/** Writes a template; gives the exit status. */
export async function runInit(argv: readonly string[], { print, from, width, lang }: Terminal): Promise<number> {
  const words = await read(argv, init);
  if (words.options.has("help")) {
    print((await import("./help.ts")).page(init, width));
    return 0;
  }
  const [kind, name, ...rest] = words.operands;
  if (kind === undefined) throw new UsageError(usageErrors.noKind, alike(`chainrule init ${templateNames.join("|")}`));
  if (!isTemplate(kind))
    throw new UsageError(
      usageErrors.noTemplate({ kind, near: near(kind, templateNames) }),
      usageErrors.giveOneOf({ choices: templateNames }),
    );
  if (rest.length > 0) throw new UsageError(usageErrors.oneFile({ names: [name!, ...rest] }), alike(init.synopsis));
  const template = templates[kind];
  const target = name ?? template.name;
  const path = resolve(from, target);
  if (existsSync(path)) throw new UsageError(usageErrors.isThere({ name: target }), usageErrors.otherTarget({ kind }));
  copyFileSync(packageFile(`templates/${template.file}`), path);
  print(`${progress.template({ name: target, call: `chainrule check ${target}${template.words}` })[lang]}\n`);
  return 0;
}
