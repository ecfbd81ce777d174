/** Sentences by key: written down in a file for each language and area, said in all languages at once. */

/** A language by its short name: English or Chinese. */
export type Language = "en" | "zh";

/** The same sentence in each language. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** Something in each language. */
export const inEach = <T>(make: (language: Language) => T): Readonly<Record<Language, T>> => ({
  en: make("en"),
  zh: make("zh"),
});

/** A sentence of a language, or one that takes what it is about by name. */
type Sentence = string | ((about: never) => string);

/** A text that a sentence takes may be words: each language takes its own. */
type Put<T> = T extends readonly (infer E)[] ? readonly Put<E>[] : string extends T ? T | Words : T;

type PutAll<P> = { readonly [N in keyof P]: Put<P[N]> };

/** The sentences of an area, each in all languages. */
export type Spoken<A> = {
  readonly [K in keyof A]: A[K] extends (about: infer P) => string ? (about: PutAll<P>) => Words : Words;
};

const isWords = (value: unknown): value is Words =>
  typeof value === "object" && value !== null && "en" in value && "zh" in value;

function inLanguage(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((one) => inLanguage(one, language));
  return isWords(value) ? value[language] : value;
}

/** A sentence that is about something, with the words in that something in its language. */
function told(sentence: Sentence, about: object, language: Language): string {
  if (typeof sentence === "string") return sentence;
  const own = Object.fromEntries(Object.entries(about).map(([name, value]) => [name, inLanguage(value, language)]));
  return sentence(own as never);
}

/** An area's sentences from those of its languages: the compiler misses a key that one of them has not. */
export function spoken<A extends Readonly<Record<string, Sentence>>>(en: A, zh: A): Spoken<A> {
  const say = (key: string): unknown => {
    const own = { en: en[key]!, zh: zh[key]! };
    if (typeof own.en === "string") return own;
    return (about: object): Words => inEach((language) => told(own[language], about, language));
  };
  return Object.fromEntries(Object.keys(en).map((key) => [key, say(key)])) as Spoken<A>;
}

/** Signs, names and numbers, which every language writes alike. */
export const alike = (text: string): Words => inEach(() => text);

/** Some in a row, with what each language puts between them. */
export const joined = (all: readonly Words[], between: Words): Words =>
  inEach((language) => all.map((one) => one[language]).join(between[language]));

/** Some in a row. */
export const listed = (all: readonly Words[]): Words => joined(all, { en: ", ", zh: "、" });
