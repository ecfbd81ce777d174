/** What a report says in words, in both languages. */

import type { LineStatus, Verdict } from "../report.ts";

/** The languages of a report. */
export type Language = "en" | "zh";

interface Phrases {
  readonly status: Readonly<Record<LineStatus, string>>;
  readonly mark: Readonly<Record<LineStatus, string>>;
  /** Beneath the table, where the status occurs in it. */
  readonly legend: Readonly<Partial<Record<LineStatus, string>>>;
  readonly verdict: Readonly<Record<Verdict, string>>;
  /** Right as far as rounded numbers show. */
  readonly rightTo: (rounding: string) => string;
  /** Which equations rounded numbers leave open. */
  readonly open: (rounding: string, places: string) => string;
  /** Something that may not have been told. */
  readonly asked: (question: string) => string;
  /** One of them, with the mistakes that it may hide and what would decide; `null` decimals where all of it is printed as 0. */
  readonly doubt: (name: string, slips: string, decimals: number | null) => string;
  readonly mistakes: (count: number) => string;
  readonly at: (equation: string, layer: number) => string;
  readonly samples: (count: number) => string;
  readonly cost: string;
  readonly columns: { readonly equation: string; readonly verdict: string; readonly yours: string; readonly correct: string; readonly difference: string; readonly layer: string };
  readonly yours: string;
  readonly correct: string;
  readonly ratio: string;
  readonly entry: string;
  readonly alternatives: string;
  readonly convention: string;
  readonly inferred: string;
  readonly forwardEqual: (names: string) => string;
  readonly forward: string;
  readonly blind: (missed: number, tried: number) => string;
  readonly blindTitle: string;
  readonly blindNone: (tried: number) => string;
  readonly score: (passed: number, given: number) => string;
  /** Partial credit; what is open is neither gained nor lost. */
  readonly points: (gained: number, of: number, open: number) => string;
  readonly witness: (agrees: boolean, autograd: string, difference: string) => string;
  readonly readAs: string;
  readonly asOurs: string;
  readonly step: (line: number, text: string, why: string) => string;
  readonly derivation: string;
  readonly equations: string;
  readonly findings: string;
  readonly network: string;
  readonly data: string;
  readonly print: string;
  readonly heat: string;
  /** How a map is read without a pointer. */
  readonly keys: string;
  readonly table: (shown: number, all: number) => string;
  /** Beside a gradient that is right. */
  readonly within: string;
  /** Beside one that could not be compared. */
  readonly notCompared: string;
  readonly kinds: Readonly<Record<Kind, string>>;
}

/** What sort of slip a mistake is, without saying which. */
export type Kind = "missing" | "extra" | "other" | "sign" | "constant" | "unknown";

const en: Phrases = {
  status: { ok: "right", root: "mistake", inherited: "inherited", convention: "convention", kink: "kink", undecided: "undecided", missing: "not given", shape: "shape", nan: "not finite" },
  mark: { ok: "✓", root: "✗", inherited: "↳", convention: "≈", kink: "∠", undecided: "?", missing: "·", shape: "✗", nan: "✗" },
  legend: {
    inherited: "inherited: this equation is right, what you put into it is not",
    convention: "convention: another way to lay out or scale the same thing, no mistake",
    kink: "kink: the function has a corner here; any slope between its sides is right",
    undecided: "undecided: these numbers cannot tell whether it is right",
    shape: "shape: rows and columns do not fit, so the numbers were not compared",
    nan: "not finite: NaN or infinity stands where a number belongs",
  },
  verdict: {
    correct: "Right: every equation that you gave holds.",
    mistake: "Not right.",
    "forward-wrong": "The forward pass is not right, so the backward pass starts from other numbers.",
    contract: "It cannot be judged yet.",
    inconclusive: "Undecided: this data cannot tell right from wrong.",
  },
  rightTo: (rounding) => (rounding === "float32" ? "Right in float32: every equation that you gave holds." : `Right to ${rounding}: every equation that you gave holds.`),
  open: (rounding, places) => `Undecided: ${rounding === "" ? "these digits" : rounding === "float32" ? "float32" : `numbers read to ${rounding}`} cannot tell right from wrong for ${places}; nothing given is wrong.`,
  asked: (question) => `Undecided: ${question}.`,
  doubt: (name, slips, decimals) => `${name} holds, and so would ${slips}: ${decimals === null ? "all of it is printed as 0: print it with e-notation" : `${decimals} more decimal${decimals === 1 ? "" : "s"} would decide`}`,
  mistakes: (count) => (count === 1 ? "One mistake" : `${count} mistakes`),
  at: (equation, layer) => `${equation === "forward" ? "Forward pass" : equation} at layer ${layer}`,
  samples: (count) => `${count} sample${count === 1 ? "" : "s"}`,
  cost: "cost",
  columns: { equation: "equation", verdict: "verdict", yours: "yours", correct: "correct", difference: "largest difference", layer: "layer" },
  yours: "yours",
  correct: "correct",
  ratio: "yours / correct",
  entry: "at",
  alternatives: "Fits as well",
  convention: "Conventions",
  inferred: "inferred from your numbers",
  forwardEqual: (names) => `forward  ${names}: right`,
  forward: "fwd",
  blind: (missed, tried) => `This data could not have shown ${missed} of ${tried} typical mistakes.`,
  blindTitle: "What this data cannot show",
  blindNone: (tried) => `This data would have shown each of ${tried} typical mistakes.`,
  score: (passed, given) => `${passed} of ${given} equations right`,
  points: (gained, of, open) => `${gained} of ${of} point${of === 1 ? "" : "s"}${open === 0 ? "" : `, ${open} open`}`,
  witness: (agrees, autograd, difference) =>
    agrees
      ? `The reference is checked: the closed forms and autograd agree to rounding, a difference quotient to ${difference}.`
      : `The references DISAGREE with each other (autograd by ${autograd} times what rounding explains, a difference quotient by ${difference}): do not trust this verdict.`,
  readAs: "Read as",
  asOurs: "names and layout as ours",
  step: (line, text, why) => `Line ${line}: the step ${text} is not right${why === "" ? "" : `: ${why}`}`,
  derivation: "Derivation",
  equations: "Equations",
  findings: "What is wrong",
  network: "Network",
  data: "The report as data",
  print: "Print",
  heat: "Numbers",
  keys: "Arrow keys go from entry to entry.",
  table: (shown, all) => (shown === all ? "The entries as a table" : `The ${shown} of ${all} entries that differ most, as a table`),
  within: "agrees within rounding",
  notCompared: "no difference was taken",
  kinds: {
    missing: "something is missing from your formula.",
    extra: "your formula has something that does not belong in it.",
    other: "something in your formula stands where something else belongs.",
    sign: "the sign is wrong.",
    constant: "a constant factor is wrong.",
    unknown: "no typical mistake explains it.",
  },
};

const zh: Phrases = {
  status: { ok: "正确", root: "错误", inherited: "受牵连", convention: "约定不同", kink: "折点", undecided: "未定", missing: "未给出", shape: "形状不符", nan: "非有限数" },
  mark: en.mark,
  legend: {
    inherited: "受牵连：这个式子本身是对的，代入它的值是错的",
    convention: "约定不同：同一个量的另一种排列或缩放方式，不算错误",
    kink: "折点：函数在此处不可导，两侧斜率之间的任何值都算对",
    undecided: "未定：这些数分不出它的对错",
    shape: "形状不符：行列对不上，因此没有比较数值",
    nan: "非有限数：本应是数的地方出现了 NaN 或无穷大",
  },
  verdict: {
    correct: "正确：你给出的每个式子都成立。",
    mistake: "不正确。",
    "forward-wrong": "前向计算不正确，因此反向计算用的是另一组数。",
    contract: "还无法判断。",
    inconclusive: "无法定论：这组数据分不出对错。",
  },
  rightTo: (rounding) => `按 ${rounding} 来看正确：你给出的每个式子都成立。`,
  open: (rounding, places) => `无法定论：${rounding === "" ? "这些位数" : `按 ${rounding} 来读，这些数`}分不出${places}的对错；给出的式子没有错的。`,
  asked: (question) => `无法定论：${question}。`,
  doubt: (name, slips, decimals) => `${name} 成立，但下面的错误也同样成立：${slips}。${decimals === null ? "它打印出来全是 0：请用科学计数法打印" : `再多 ${decimals} 位小数即可判定`}`,
  mistakes: (count) => `发现 ${count} 处错误`,
  at: (equation, layer) => `第 ${layer} 层${equation === "forward" ? "前向计算" : `的 ${equation}`}`,
  samples: (count) => `${count} 个样本`,
  cost: "代价",
  columns: { equation: "式子", verdict: "判定", yours: "你的值", correct: "正确值", difference: "最大差", layer: "层" },
  yours: "你的",
  correct: "正确",
  ratio: "你的 / 正确",
  entry: "位置",
  alternatives: "同样吻合的解释",
  convention: "约定",
  inferred: "由你的数值推断",
  forwardEqual: (names) => `前向计算  ${names}：正确`,
  forward: "前向",
  blind: (missed, tried) => `在 ${tried} 种典型错误中，有 ${missed} 种是这组数据看不出来的。`,
  blindTitle: "这组数据看不出什么",
  blindNone: (tried) => `${tried} 种典型错误，这组数据都能看出来。`,
  score: (passed, given) => `${given} 个式子中 ${passed} 个正确`,
  points: (gained, of, open) => `${of} 分得 ${gained} 分${open === 0 ? "" : `，${open} 分未定`}`,
  witness: (agrees, autograd, difference) =>
    agrees
      ? `参照值已经核对：闭式与自动微分在舍入误差内一致，与差商相差 ${difference}。`
      : `参照值之间互相矛盾（自动微分相差舍入误差的 ${autograd} 倍，差商相差 ${difference}）：请不要相信这个结论。`,
  readAs: "理解为",
  asOurs: "名称与排列同我们的",
  step: (line, text, why) => `第 ${line} 行：中间步骤 ${text} 不正确${why === "" ? "" : `：${why}`}`,
  derivation: "推导",
  equations: "各个式子",
  findings: "错在哪里",
  network: "网络",
  data: "报告数据",
  print: "打印",
  heat: "数值",
  keys: "用方向键逐个查看元素。",
  table: (shown, all) => (shown === all ? "以表格列出各元素" : `以表格列出相差最大的 ${shown} 个元素（共 ${all} 个）`),
  within: "在舍入误差内一致",
  notCompared: "没有计算差值",
  kinds: {
    missing: "你的式子里少了点什么。",
    extra: "你的式子里多了不该有的东西。",
    other: "你的式子里有一处应该是别的东西。",
    sign: "符号错了。",
    constant: "常数因子错了。",
    unknown: "没有哪种典型错误能解释它。",
  },
};

/** The phrases of each language. */
export const phrases: Readonly<Record<Language, Phrases>> = { en, zh };
