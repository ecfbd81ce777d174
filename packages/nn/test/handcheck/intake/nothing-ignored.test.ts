/** Nothing that was handed in is ignored: of a right submission every number counts, and no name is passed over. */

import { expect, it } from "vitest";
import { report as count } from "../../../../autograd/test/report.ts";
import { seed, sized } from "../../../../autograd/test/size.ts";
import { SourceError } from "../../../src/handcheck/intake/given.ts";
import { Refusal } from "../../../src/handcheck/intake/refusal.ts";
import { readJson } from "../../../src/handcheck/intake/sources/json.ts";
import { submissionOf } from "../../../src/handcheck/intake/submission.ts";
import { checkSubmission } from "../../../src/handcheck/judge/submitted.ts";
import { Random } from "../../../src/random.ts";
import { drawManner, drawTruth, handedIn } from "./handed.ts";

type Json = number | string | null | Json[] | { [name: string]: Json };

/** The verdict; `refused` with the words where a name or a shape cannot be used. */
function outcome(given: Json): string {
  try {
    return checkSubmission(submissionOf(readJson("a.json", JSON.stringify(given)).values)).report.verdict;
  } catch (error) {
    if (error instanceof Refusal || error instanceof SourceError) return `refused: ${error.message}`;
    throw error;
  }
}

interface Place {
  readonly holder: { [name: string]: Json };
  readonly name: string;
  readonly path: string;
}

/** Every name with a value, outside of lists. */
function placesIn(given: Json, path = ""): Place[] {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return [];
  return Object.entries(given).flatMap(([name, value]) => [
    { holder: given, name, path: `${path}.${name}` },
    ...placesIn(value, `${path}.${name}`),
  ]);
}

/** Lists that hold numbers, at any depth. */
const numbersIn = (given: Json): number[][] =>
  Array.isArray(given)
    ? given.length > 0 && given.every((one) => typeof one === "number")
      ? [given]
      : given.flatMap(numbersIn)
    : typeof given === "object" && given !== null
      ? Object.values(given).flatMap(numbersIn)
      : [];

const letters = "abcdefghijklmnopqrstuvwxyzWXZ_0129";

/** A name with a letter more, less or otherwise. */
function mistyped(name: string, random: Random): string {
  const at = random.integer(name.length + 1);
  const letter = letters[random.integer(letters.length)]!;
  switch (random.integer(3)) {
    case 0:
      return name.slice(0, at) + letter + name.slice(at);
    case 1:
      return name.slice(0, at) + name.slice(at + 1);
    default:
      return name.slice(0, at) + letter + name.slice(at + 1);
  }
}

const draw = (random: Random): { [name: string]: Json } => {
  const manner = drawManner(random);
  return JSON.parse(JSON.stringify(handedIn(drawTruth(random, manner.bias !== "none"), manner))) as {
    [name: string]: Json;
  };
};

/** Mutates a submission in place. */
const mutations: Readonly<Record<string, (given: { [name: string]: Json }, random: Random) => void>> = {
  "a mistyped name"(given, random) {
    const places = placesIn(given);
    const { holder, name } = places[random.integer(places.length)]!;
    const value = holder[name]!;
    Reflect.deleteProperty(holder, name);
    const other = mistyped(name, random);
    if (other in holder) holder[name] = value;
    else holder[other] = value;
  },
  "a name more"(given, random) {
    const holders = [
      given,
      ...placesIn(given)
        .map(({ holder, name }) => holder[name]!)
        .filter(
          (value): value is { [name: string]: Json } =>
            typeof value === "object" && value !== null && !Array.isArray(value),
        ),
    ];
    const places = placesIn(given);
    const holder = holders[random.integer(holders.length)]!;
    holder[mistyped(places[random.integer(places.length)]!.name, random)] = [
      [random.normal(), random.normal()],
      [random.normal(), random.normal()],
    ];
  },
  "a row less"(given, random) {
    const places = placesIn(given).filter(
      ({ holder, name }) => Array.isArray(holder[name]) && (holder[name] as Json[]).length > 1,
    );
    const { holder, name } = places[random.integer(places.length)]!;
    (holder[name] as Json[]).pop();
  },
  "an array in another place"(given, random) {
    const places = placesIn(given);
    const [a, b] = [places[random.integer(places.length)]!, places[random.integer(places.length)]!];
    const value = a.holder[a.name]!;
    Reflect.deleteProperty(a.holder, a.name);
    if (b.name in b.holder) b.holder[b.name] = value;
  },
};

it.each(Object.entries(mutations))("after %s all is used, or refused", (name, mutate) => {
  const random = new Random(seed).split(name);
  const unread: string[] = [];
  const tries = sized(20, 5000);
  let judged = 0;
  for (let n = 0; n < tries; n++) {
    const given = draw(random);
    mutate(given, random);
    if (outcome(given) !== "correct") continue;
    judged++;
    // It is right all the same: then every number must count.
    const lists = numbersIn(given);
    const list = lists[random.integer(lists.length)]!;
    const at = random.integer(list.length);
    const text = JSON.stringify(given);
    list[at] = list[at]! * 1.7 + 0.83;
    if (outcome(given) === "correct") unread.push(`${text} with ${list[at]}`);
  }
  count(`submissions with ${name}`, tries);
  expect(unread).toEqual([]);
  expect(judged).toBeLessThan(tries);
});

it("untouched every number counts", () => {
  const random = new Random(seed).split("untouched");
  const unread: string[] = [];
  for (let n = 0; n < sized(20, 5000); n++) {
    const given = draw(random);
    const lists = numbersIn(given);
    const list = lists[random.integer(lists.length)]!;
    const at = random.integer(list.length);
    list[at] = list[at]! * 1.7 + 0.83;
    if (outcome(given) === "correct") unread.push(JSON.stringify(given));
  }
  expect(unread).toEqual([]);
});
