/** The work for a Python file: one of its functions is judged, or the arrays of one pass of its script. */

import { isDeepStrictEqual } from "node:util";
import { askedBy } from "../handcheck/ahead.ts";
import { probeProblems } from "../handcheck/claims/generic.ts";
import type { Backward, Checked } from "../handcheck/files/check-code.ts";
import { describedIn } from "../handcheck/intake/described.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { SourceError, type GivenRecord, type Source } from "../handcheck/intake/given.ts";
import { plainName } from "../handcheck/intake/meaning.ts";
import { backwardNames } from "../handcheck/intake/names-in-code.ts";
import type { Called, PythonCall, PythonFunction, PythonText } from "../handcheck/intake/sources/python/python.ts";
import { describing } from "../handcheck/intake/sources/scripts.ts";
import { recordOf, type Plain } from "../handcheck/intake/values.ts";
import { nearest } from "../handcheck/nearest.ts";
import type { Problem } from "../handcheck/claims/setting.ts";
import { burden } from "../handcheck/judge/least.ts";
import { cli } from "../locales/cli.ts";
import { programErrors } from "../locales/program-errors.ts";
import type { Words } from "../locales/words.ts";
import type { Programs } from "./bridge.ts";
import { UsageFault, wordsOfFault } from "./faults.ts";
import type { Fault } from "./job.ts";
import { joinedAnswers, namedAnswer } from "./python-answer.ts";
import { constructed, objectOf, type ObjectOf } from "./python-object.ts";
import { argumentsFor, layoutsFor, layoutWords, type CallLayout } from "./python-arguments.ts";
import { checkCode, type CodeJob } from "./submission-work.ts";

/** A function of the file, of the module or of a class. */
interface Chosen {
  readonly of: PythonFunction;
  readonly class: { readonly name: string; readonly methods: readonly PythonFunction[] } | null;
}

/** The function that is judged: the one that was named, or the one whose name says it. */
export function chosenFunction({ functions, classes }: PythonText, asked: string | null): Chosen | null {
  const all: Chosen[] = [
    ...functions.map((of) => ({ of, class: null })),
    ...classes.flatMap((own) => own.methods.map((of) => ({ of, class: own }))),
  ];
  const full = (one: Chosen): string => (one.class === null ? one.of.name : `${one.class.name}.${one.of.name}`);
  if (asked !== null) {
    const found = all.find((one) => full(one) === asked) ?? all.find((one) => one.of.name === asked);
    if (found !== undefined) return found;
    const near = nearest(asked, all.map(full));
    throw new UsageFault(
      `the file has no function ${asked}${near === null ? "" : `; did you mean ${near}?`}`,
      all.length === 0 ? "it defines none" : `it has ${all.map(full).join(", ")}`,
    );
  }
  return all.find(({ of }) => backwardNames.includes(plainName(of.name).text)) ?? null;
}

export interface PythonJob extends CodeJob {
  /** `--function` */
  readonly function: string | null;
  /** `--net` says the network. */
  readonly hasNetwork: boolean;
}

/** The source of the file's arrays or of its function, with what was found in the text. */
class PythonSubject {
  readonly #programs: Programs;
  readonly #text: PythonText;

  constructor(programs: Programs, file: string | null) {
    this.#programs = programs;
    this.#text = programs.ask("open", file) as PythonText;
  }

  /** The arrays of one pass of the script. */
  script(): Source {
    return this.#programs.ask("script", null) as Source;
  }

  /** The function that can be judged as one; `null` where the file is a script. */
  function({ function: asked, hasNetwork }: PythonJob): Chosen | null {
    const chosen = chosenFunction(this.#text, asked);
    if (chosen === null) return null;
    const { unknown } = argumentsFor(chosen.of);
    const known = hasNetwork || describing(this.#text.assigned).length > 0;
    if (known && unknown.length === 0) return chosen;
    if (asked === null) return null;
    if (unknown.length > 0)
      throw new SourceError(
        programErrors.unknownParameters({ name: asked, count: unknown.length, unknown: unknown.join(", ") }),
        programErrors.nameParameters,
        { line: chosen.of.line, column: 1 },
      );
    throw new SourceError(programErrors.noNetwork, programErrors.sayNetwork);
  }

  /** Judges the function in whatever layout it can be called. */
  async judge(chosen: Chosen, job: PythonJob): Promise<Checked | Fault> {
    const values = recordOf(
      new Map(
        [...(this.#programs.ask("load", describing(this.#text.assigned)) as GivenRecord).entries].filter(
          ([, value]) => value !== null,
        ),
      ),
    );
    const { sizes, activations, costs } = describedIn(values, job.surroundings);
    const problem = probeProblems({ sizes, activations, cost: costs[0]! }, job.options.seed ?? 0)(5);
    const object = chosen.class === null ? null : this.#object(chosen.class, problem);
    const layouts = object === null ? layoutsFor(problem) : object.layouts;
    let first: SourceError | null = null;
    let best: (Checked & { readonly layout: CallLayout }) | null = null;
    const judged: unknown[] = [];
    for (const layout of layouts) {
      const backward = this.#calling(chosen, object, layout, problem);
      let answer: unknown;
      try {
        answer = backward(parametersOf(problem), problem.x, problem.t);
      } catch (thrown) {
        if (!(thrown instanceof SourceError)) throw thrown;
        first ??= thrown;
        continue;
      }
      // A bias that lies as a row is one that lies flat, for most: who gives the same for both is judged once.
      if (judged.some((one) => isDeepStrictEqual(one, answer))) continue;
      judged.push(answer);
      const found = await checkCode(backward as Backward, values, { ...job, classes: layout.labels === true });
      if ("message" in found) {
        const { says, advises } = wordsOfFault(found);
        first ??= new SourceError(
          says,
          advises,
          found.line === null ? null : { line: found.line, column: found.column ?? 1 },
        );
        continue;
      }
      if (best === null || burden(found.report) < burden(best.report)) best = { ...found, layout };
      if (best.report.verdict === "correct") break;
    }
    if (best === null) throw first!;
    const said: Words[] = [cli.functionAt({ name: chosen.of.name, line: chosen.of.line }), layoutWords(best.layout)];
    return {
      ...best,
      values,
      line: chosen.of.line,
      report: { ...best.report, readAs: [...said, ...(best.report.readAs ?? [])] },
    };
  }

  /** A new object of a class: what it is made of, and where its parameters are set. */
  #object({ name, methods }: NonNullable<Chosen["class"]>, { sizes }: Problem): ObjectOf {
    const init = methods.find((one) => one.name === "__init__");
    const constructor_ = {
      list: (init?.parameters ?? [])
        .filter(({ name: own, optional }) => own !== "self" && !optional)
        .map(({ name: own }) => constructed(own, sizes)),
    };
    const attributes = this.#programs.ask("attributes", { name, constructor_ }) as GivenRecord;
    return objectOf(name, constructor_, attributes, sizes);
  }

  /** The function as the check calls it. */
  #calling({ of }: Chosen, object: ObjectOf | null, layout: CallLayout, { sizes, activations, cost }: Problem) {
    const { give } = argumentsFor(of);
    const begin = (problem: Problem): (() => { readonly [name: string]: Plain }) => {
      const call: PythonCall = {
        function: of.name,
        arguments: give(problem, layout),
        ...(object === null
          ? {}
          : { class: object.name, constructor_: object.constructor_, attributes: object.attributes(problem, layout) }),
      };
      const answer = this.#programs.begin("call", call);
      return () => {
        const { value, changed } = answer() as Called;
        if (changed.length > 0) {
          const place = { line: of.line, column: 1 };
          throw new SourceError(
            programErrors.changes({ name: of.name, what: changed.join(", ") }),
            programErrors.copyFirst,
            place,
          );
        }
        return namedAnswer(value, of.name, of.returns);
      };
    };
    type Given = [
      parameters: Readonly<Record<string, readonly (readonly number[])[] | readonly number[]>>,
      x: Problem["x"],
      t: Problem["t"],
    ];
    const ahead = (...[parameters, x, t]: Given): (() => { readonly [name: string]: Plain }) => {
      const layers = sizes.slice(1).map((_, index) => index + 1);
      const problem: Problem = {
        sizes,
        activations,
        cost,
        x,
        t,
        W: [[], ...layers.map((l) => parameters[`W${l}`] as readonly number[][])],
        b: [[], ...layers.map((l) => parameters[`b${l}`] as readonly number[])],
      };
      if (layout.single === null) return begin(problem);
      const each = x.map((row, n) => begin({ ...problem, x: [row], t: [t[n]!] }));
      return () => joinedAnswers(each.map((answer) => answer()));
    };
    return askedBy((...given: Given) => ahead(...given)(), ahead);
  }
}

/** The parameters of a problem by their names, as functions are given them. */
const parametersOf = ({ sizes, W, b }: Problem): Record<string, readonly (readonly number[])[] | readonly number[]> =>
  Object.fromEntries(
    sizes.flatMap((_, l): [string, readonly (readonly number[])[] | readonly number[]][] =>
      l === 0
        ? []
        : [
            [`W${l}`, W[l]!],
            [`b${l}`, b[l]!],
          ],
    ),
  );

/** Judges a function of the file where it has one that can be called, else the arrays of a pass of its script. */
export async function checkPython(
  programs: Programs,
  job: PythonJob,
  ofArrays: (source: Source) => Checked,
): Promise<Checked | Fault> {
  const subject = new PythonSubject(programs, job.file);
  const chosen = subject.function(job);
  if (chosen === null) return ofArrays(subject.script());
  let first: Checked | Fault | SourceError;
  try {
    first = await subject.judge(chosen, job);
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown;
    first = thrown;
  }
  const isRight = !("message" in first) && first.report.verdict === "correct";
  const own = isRight || job.function !== null ? null : ownPass(subject, ofArrays);
  if (own !== null && ("message" in first || burden(own.report) < burden(first.report))) return own;
  if (first instanceof SourceError) throw first;
  return first;
}

/**
 * The call that the file itself makes of its function, if it makes one: the function may read numbers of the module,
 * want labels as classes, or be a method of an object that only the file can make. The file's own pass then counts.
 */
function ownPass(subject: PythonSubject, ofArrays: (source: Source) => Checked): Checked | null {
  try {
    return ofArrays(subject.script());
  } catch (thrown) {
    if (thrown instanceof SourceError || thrown instanceof Refusal) return null;
    throw thrown;
  }
}
