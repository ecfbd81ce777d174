/** The work for a Python file: one of its functions is judged, or the arrays of one pass of its script. */

import { isDeepStrictEqual } from "node:util";
import { askedBy } from "../handcheck/ahead.ts";
import { Drawn } from "../handcheck/claims/generic.ts";
import { checkAhead, type Backward, type Checked } from "../handcheck/files/check-code.ts";
import { describedIn } from "../handcheck/intake/described.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { SourceError, type GivenRecord, type Source } from "../handcheck/intake/given.ts";
import { plainName } from "../handcheck/intake/meaning.ts";
import { backwardNames } from "../handcheck/intake/names-in-code.ts";
import type { Called, PythonCall, PythonFunction, PythonText } from "../handcheck/intake/sources/python/python.ts";
import { describing } from "../handcheck/intake/sources/scripts.ts";
import { recordOf, type Plain } from "../handcheck/intake/values.ts";
import type { Problem } from "../handcheck/claims/setting.ts";
import { burden } from "../handcheck/judge/least.ts";
import { cli } from "../locales/cli.ts";
import { programErrors } from "../locales/program-errors.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import type { Words } from "../locales/words.ts";
import type { Programs } from "./bridge.ts";
import { wordsOfFault } from "./faults.ts";
import type { Fault } from "./job.ts";
import { near } from "./near.ts";
import { joinedAnswers, namedAnswer } from "./python-answer.ts";
import type { Attempt } from "./python-attempts.ts";
import { constructed, objectOf, type ObjectOf } from "./python-object.ts";
import { argumentsFor, batchesOf, layoutsFor, layoutWords, type CallLayout } from "./python-arguments.ts";
import { checkCode, type CodeJob } from "./submission-work.ts";
import { UsageError } from "./usage-error.ts";

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
    const names = all.map(full);
    throw new UsageError(
      usageErrors.noFunction({ name: asked, near: near(asked, names) }),
      names.length === 0 ? usageErrors.definesNone : usageErrors.has({ names }),
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

type DrawnJob = PythonJob & { readonly drawn: Drawn };

/** Numbers of more weights are made once it is known that a function is judged, which needs them. */
const MOST_AHEAD = 50_000;

/** The source of the file's arrays or of its function, with what was found in the text. */
class PythonSubject {
  readonly #programs: Programs;
  readonly #text: PythonText;

  constructor(programs: Programs, job: DrawnJob) {
    this.#programs = programs;
    const open = programs.begin("open", job.file);
    // Python takes as long to start; of a large network it is not worth it before one knows that it is a function's.
    aheadOf(job, MOST_AHEAD);
    this.#text = open() as PythonText;
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

  /** The values that the module holds; while its own modules are imported, the check's numbers are made. */
  #loaded(job: DrawnJob, { of, class: own }: Chosen): GivenRecord {
    const wanted = describing(this.#text.assigned);
    const load = this.#programs.begin("load", wanted);
    const problem = wanted.length === 0 ? aheadOf(job, Infinity) : null;
    if (problem !== null && own === null) allCalls(of, null, problem, layoutsFor(problem));
    return recordOf(new Map([...(load() as GivenRecord).entries].filter(([, value]) => value !== null)));
  }

  /** Judges the function in whatever layout it can be called. */
  async judge(chosen: Chosen, job: DrawnJob): Promise<Checked | Fault> {
    const values = this.#loaded(job, chosen);
    const { sizes, activations, costs } = describedIn(values, job.surroundings);
    const problem = triedOn(job, { sizes, activations, costs });
    const object = chosen.class === null ? null : this.#object(chosen.class, problem);
    let first: SourceError | null = null;
    let best: (Checked & { readonly layout: CallLayout }) | null = null;
    const judged: unknown[] = [];
    for (const { layout, attempt } of this.#attempts(chosen, object, problem)) {
      if ("refused" in attempt) {
        const { says, advises, place } = attempt.refused;
        first ??= new SourceError(says, advises, place);
        continue;
      }
      // A bias that lies as a row is one that lies flat, for most: who gives the same for both is judged once.
      if (judged.some((one) => isDeepStrictEqual(one, attempt.called))) continue;
      try {
        for (const called of attempt.called) answerOf(called, chosen.of);
      } catch (thrown) {
        if (!(thrown instanceof SourceError)) throw thrown;
        first ??= thrown;
        continue;
      }
      judged.push(attempt.called);
      const backward = this.#calling(chosen, object, layout, problem);
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

  /** Tries each layout; those behind one in which the function answers where they are wanted. */
  *#attempts(
    chosen: Chosen,
    object: ObjectOf | null,
    problem: Problem,
  ): Generator<{ readonly layout: CallLayout; readonly attempt: Attempt }> {
    const layouts = object === null ? layoutsFor(problem) : object.layouts;
    const calls = allCalls(chosen.of, object, problem, layouts);
    for (let at = 0; at < layouts.length;) {
      const tried = this.#programs.ask("attempts", calls.slice(at)) as readonly Attempt[];
      for (const attempt of tried) yield { layout: layouts[at++]!, attempt };
    }
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
    const call = callsOf(of, object);
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
      const asked = batchesOf(problem, layout).map((one) => this.#programs.begin("call", call(one, layout)));
      return () => {
        const answers = asked.map((answer) => answerOf(answer() as Called, of));
        return layout.single === null ? answers[0]! : joinedAnswers(answers);
      };
    };
    return askedBy((...given: Given) => ahead(...given)(), ahead);
  }
}

/** The call of a function, or of the method of an object, on a problem. */
function callsOf(of: PythonFunction, object: ObjectOf | null): (problem: Problem, layout: CallLayout) => PythonCall {
  const { give } = argumentsFor(of);
  return (problem, layout) => ({
    function: of.name,
    arguments: give(problem, layout),
    ...(object === null
      ? {}
      : { class: object.name, constructor_: object.constructor_, attributes: object.attributes(problem, layout) }),
  });
}

/** The answer of a call by names; it may change nothing of what it was given. */
function answerOf({ value, changed }: Called, of: PythonFunction): { readonly [name: string]: Plain } {
  if (changed.length > 0) {
    const says = programErrors.changes({ name: of.name, what: changed.join(", ") });
    throw new SourceError(says, programErrors.copyFirst, { line: of.line, column: 1 });
  }
  return namedAnswer(value, of.name, of.returns);
}

/** The calls of each layout. */
const allCalls = (
  of: PythonFunction,
  object: ObjectOf | null,
  problem: Problem,
  layouts: readonly CallLayout[],
): (readonly PythonCall[])[] => {
  const call = callsOf(of, object);
  return layouts.map((layout) => batchesOf(problem, layout).map((one) => call(one, layout)));
};

/** The numbers on which layouts are tried. */
const triedOn = (
  { drawn, options }: DrawnJob,
  { sizes, activations, costs }: Pick<ReturnType<typeof describedIn>, "sizes" | "activations" | "costs">,
): Problem => drawn.problems({ sizes, activations, cost: costs[0]! }, options.seed ?? 0)(5);

/**
 * Makes the numbers of a check where the command says all of a network of so many weights at most; else the file has to
 * be read first.
 */
function aheadOf(job: DrawnJob, most: number): Problem | null {
  const values = recordOf(new Map());
  try {
    const described = describedIn(values, job.surroundings);
    const { sizes } = described;
    if (sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l]!, 0) > most) return null;
    checkAhead(values, job);
    return triedOn(job, described);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return null;
  }
}

/** Judges a function of the file where it has one that can be called, else the arrays of a pass of its script. */
export async function checkPython(
  programs: Programs,
  given: PythonJob,
  ofArrays: (source: Source) => Checked,
): Promise<Checked | Fault> {
  const job = { ...given, drawn: new Drawn() };
  const subject = new PythonSubject(programs, job);
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
