/** Wrong formulas of a rule: every part that can be wrong, put together as the rule puts its right ones together. */

import { bp3, bp4 } from "../claims/local.ts";
import { once } from "../once.ts";
import type { Diagnosis } from "../report.ts";
import { slopeOf } from "../claims/sigma.ts";
import { collapses, throughActivation } from "../claims/setting.ts";
import { decayText, deltaName, gradBName, gradWName, INPUT_NAME, meanText, slopeText } from "../claims/text.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";
import { mistakeOf, mistakesOf } from "./catalogue.ts";
import { ownGate } from "./gates.ts";
import { sentBack } from "./hidden.ts";
import type { Derived } from "../claims/claim.ts";
import {
  askedAs,
  atLayer,
  candidate,
  ONCE,
  oneMinus,
  scaled,
  type Candidate,
  type Mistake,
  type Part,
  type Rule,
  type Scale,
  type Scene,
} from "./mistake.ts";
import { isProbability, rightError } from "./output.ts";
import { outerText } from "./weights.ts";

/** A part, and the mistake that it is; the right one is none. */
interface Wrong extends Part {
  readonly mistake: Mistake | null;
  readonly key: string;
}

type Edit = Diagnosis["edit"];

const partsOf = (rule: Rule, kind: "base" | "gate" | "formula", scene: Scene): Wrong[] =>
  mistakesOf(rule).flatMap((mistake) =>
    (mistake[kind]?.(scene) ?? []).map((part) => ({
      ...part,
      mistake,
      key: part.key ?? part.text,
      value: once(part.value),
    })),
  );

/** Every factor of a rule, that of 1 first. */
const scalesOf = (rule: Rule, scene: Scene): Scale[] => [
  ONCE,
  ...mistakesOf(rule).flatMap((mistake) => (mistake.factor?.(scene) ?? []).map((factor) => ({ ...factor, mistake }))),
];

/** Formulas as they are, each under its name. */
function wholes(rule: Rule, scene: Scene, name: string): Candidate[] {
  return mistakesOf(rule).flatMap((mistake) =>
    (mistake.whole?.(scene, rule) ?? []).flatMap((part) => {
      const { key, text, edit, says, edits, value } = part;
      const one = candidate(
        [mistake],
        key ?? text,
        `${name} = ${text}`,
        edit ?? { kind: "replace", term: text },
        value,
      );
      return askedAs(
        [{ ...one, ...(says === undefined ? {} : { says }), ...(edits === undefined ? {} : { edits }) }],
        part,
      );
    }),
  );
}

/**
 * The factors that may stand before a formula with so many mistakes: three in one formula are no longer a hypothesis.
 */
const besides = ({ most = 2 }: Scene, mistakes: readonly Mistake[], scales: readonly Scale[]): readonly Scale[] =>
  mistakes.length < most ? scales : [ONCE];

/** Formulas that any factor may stand before. */
const formulas = (rule: Rule, scene: Scene, name: string, scales: readonly Scale[]): Candidate[] =>
  partsOf(rule, "formula", scene).flatMap((part) =>
    askedAs(
      scaled(
        scene.setting,
        besides(scene, [part.mistake!], scales),
        [part.mistake!],
        part.key,
        name,
        part.text,
        part.edit!,
        part.value,
      ),
      part,
    ),
  );

/** Every gate of a layer, the right one first; what is wrong with one is that it is not σ'(u). */
function gatesOf(rule: Rule, scene: Scene): (Wrong & { readonly edit: Edit })[] {
  const { un, vn } = atLayer(scene);
  const right = ownGate(scene);
  const own = scene.setting.problem.activations[scene.layer - 1] === "linear" ? "" : slopeText(un);
  const all: Wrong[] = [
    ...(right === null ? [] : [{ ...right, mistake: null, key: "", value: once(right.value) }]),
    ...partsOf(rule, "gate", scene),
  ];
  return all.map((part) => ({
    ...part,
    key: (part.key === "" ? part.text : part.key).replaceAll(un, "u").replaceAll(vn, "v"),
    edit: part.text === "" ? { kind: "insert", term: `⊙ ${own}` } : { kind: "replace", term: `${part.text} → ${own}` },
  }));
}

/** A gate where σ' has cancelled: any of them is one too many. */
function misplaced(scene: Scene, { mistake, text, value }: Wrong): Mistake | null {
  if (text === "" || value().value.every((g) => g === 1)) return null;
  if (isProbability(scene)) return mistake?.id === "A21" ? mistake : mistakeOf("A14");
  return mistake ?? mistakeOf("A3");
}

/** BP1: ∇_v C ⊙ σ'(u^L), or v − t where the two cancel. */
function wrongOutputs(scene: Scene): Candidate[] {
  const { setting, layer } = scene;
  const name = deltaName(layer);
  const collapsed = collapses(setting);
  const scales = scalesOf("BP1", scene);
  const right = rightError(scene);
  const bases: Wrong[] = [
    { ...right, mistake: null, key: right.key!, value: once(right.value) },
    ...partsOf("BP1", "base", scene),
  ];
  const gates = gatesOf("BP1", scene);
  const products = bases.flatMap((base) =>
    gates.flatMap((gate) => {
      const own = collapsed ? misplaced(scene, gate) : gate.mistake;
      const mistakes = [base.mistake, own].filter((one) => one !== null);
      if (mistakes.length > 1) return [];
      const formula = gate.text === "" ? base.text : `${base.text} ⊙ ${gate.text}`;
      const edit: Edit =
        base.mistake !== null ? base.edit! : collapsed ? { kind: "delete", term: `⊙ ${gate.text}` } : gate.edit;
      // Where σ' has cancelled, to keep it is one slip; to keep another is two.
      const kept = { ...gate, unasked: gate.unasked === true || (collapsed && own !== null && own === gate.mistake) };
      return askedAs(
        scaled(
          setting,
          besides(scene, mistakes, scales),
          mistakes,
          `${base.key}|${gate.key}`,
          name,
          formula,
          edit,
          () => setting.by.mul(base.value(), gate.value()),
        ),
        base,
        kept,
      );
    }),
  );
  return [...products, ...wholes("BP1", scene, name), ...formulas("BP1", scene, name, scales)];
}

/** BP2: ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ'(u^l), or through the Jacobian of a softmax. */
function wrongHidden(scene: Scene): Candidate[] {
  const { setting, layer: l } = scene;
  const name = deltaName(l);
  const scales = scalesOf("BP2", scene);
  const right = sentBack(scene);
  const isSoftmax = setting.problem.activations[l - 1] === "softmax";
  const gates = gatesOf("BP2", scene);
  const products = wiringsOf(scene).flatMap((wiring) => {
    const { mistake, key, text, value } = wiring;
    const ids = mistake === null ? [] : [mistake];
    const wired: Edit = { kind: "replace", term: mistake === null ? "" : `${text} → ${right.text}` };
    const through = isSoftmax
      ? scaled(setting, besides(scene, ids, scales), ids, key, name, `(∂v/∂u)ᵀ (${text})`, wired, () =>
          throughActivation(setting, l, value()),
        )
      : [];
    return [
      ...askedAs(through, wiring),
      ...gates.flatMap((gate) => {
        const all = gate.mistake === null ? ids : [...ids, gate.mistake];
        if (all.length > (scene.most ?? 2)) return [];
        const formula = gate.text === "" ? text : `(${text}) ⊙ ${gate.text}`;
        return askedAs(
          scaled(
            setting,
            besides(scene, all, scales),
            all,
            `${key}|${gate.key}`,
            name,
            formula,
            ids.length > 0 ? wired : gate.edit,
            () => setting.by.mul(value(), gate.value()),
          ),
          wiring,
          gate,
        );
      }),
    ];
  });
  return [...products, ...wholes("BP2", scene, name)];
}

/** Returns what may stand before the gate: other weights, or another error; the right product first. */
function wiringsOf(scene: Scene): Wrong[] {
  const right = sentBack(scene);
  return [{ ...right, mistake: null, key: right.key!, value: once(right.value) }, ...partsOf("BP2", "base", scene)];
}

/** BP3: the mean of δ^l over the samples. */
function wrongBiases(scene: Scene): Candidate[] {
  const { setting, layer, delta } = scene;
  const name = gradBName(layer);
  const right = once(() => bp3(setting, delta!));
  const scales = scalesOf("BP3", scene).slice(1);
  const factored = scaled(
    setting,
    scales,
    [],
    "bias",
    name,
    `${meanText(setting)}${deltaName(layer)}`,
    { kind: "delete", term: "" },
    right,
  );
  const others = wholes("BP3", scene, name);
  // What takes one bias for many is that, whatever factor it comes to as well.
  return setting.problem.tiedBiases === true ? [...others, ...factored] : [...factored, ...others];
}

/** BP4: the mean of the outer products, and its regularization. */
function wrongWeights(scene: Scene): Candidate[] {
  const { setting, layer, delta } = scene;
  const { by, W, decay, lambda, samples } = setting;
  const name = gradWName(layer);
  const data = once(() => bp4(setting, layer, delta!));
  const scales = scalesOf("BP4", scene);
  const batch = [
    ONCE,
    ...(samples > 1 ? scales.filter(({ mistake, key }) => mistake?.id === "D7" && key === "N") : []),
  ];
  const products = [
    ...scaled(setting, scales.slice(1), [], "weights", name, outerText(scene), { kind: "delete", term: "" }, data),
    ...formulas("BP4", scene, name, batch),
    ...wholes("BP4", scene, name),
  ];
  if (decay === null || decay === 0) return products;
  // A wrong data part beside the right regularization.
  const sum = (value: Tracked): Tracked =>
    sameShape(value, W[layer]!) ? by.add(value, by.scale(W[layer]!, decay)) : value;
  const both = products.map((one) => ({
    ...one,
    yours: `${one.yours} + ${decayText(setting, layer)}`,
    value: (): Tracked => sum(one.value()),
  }));
  return [...both, ...(lambda === 0 ? [] : wholes("REG", scene, name))];
}

/** B18: the gradient of the input, ∂C/∂x = (W¹)ᵀ δ¹, which has no σ', in the scene of layer 0. */
function wrongInputs(scene: Scene): Candidate[] {
  const { setting, above } = scene;
  const { by, u, W, eta, nextW } = setting;
  const x = u[0]!;
  const gates: readonly (readonly [string, () => Tracked])[] = [
    ["x(1 − x)", () => by.mul(x, oneMinus(scene, x))],
    ["(1 − x²)", () => oneMinus(scene, by.mul(x, x))],
    ["sigmoid'(x)", () => slopeOf(by, "sigmoid", x)],
    ["tanh'(x)", () => slopeOf(by, "tanh", x)],
    ["1[x > 0]", () => slopeOf(by, "relu", x)],
    ["x", () => x],
  ];
  const right = wiringsOf(scene)[0]!;
  const found = wiringsOf(scene).flatMap(({ mistake, key, text, value }) =>
    scaled(
      setting,
      scalesOf("BP2", scene),
      mistake === null ? [] : [mistake],
      key,
      INPUT_NAME,
      text,
      { kind: "replace", term: mistake === null ? "" : `${text} → ${right.text}` },
      value,
    ),
  );
  found.push(
    ...gates.map(([gate, slopes]) =>
      candidate(
        [mistakeOf("B18")],
        gate,
        `${INPUT_NAME} = (${right.text}) ⊙ ${gate}`,
        { kind: "delete", term: `⊙ ${gate}` },
        () => by.mul(right.value(), slopes()),
      ),
    ),
  );
  const updated = nextW[1];
  if (updated !== undefined && sameShape(updated, W[1]!) && eta !== null) {
    found.push(
      candidate(
        [mistakeOf("B7")],
        "next",
        `${INPUT_NAME} = (new W¹)ᵀ δ¹`,
        { kind: "replace", term: "new W¹ → W¹" },
        () => by.matmul(above!, updated),
      ),
    );
  }
  return found;
}

/** The wrong formulas of a rule in a scene; the right one is not among them. */
export function wrongFormulas(rule: Derived | "input", scene: Scene): Candidate[] {
  switch (rule) {
    case "BP1":
      return wrongOutputs(scene);
    case "BP2":
      return wrongHidden(scene);
    case "BP3":
      return wrongBiases(scene);
    case "BP4":
      return wrongWeights(scene);
    case "input":
      return wrongInputs(scene);
  }
}
