/** Sentences of reports in Chinese, by the keys of the English. */

import type { en } from "../en/report.ts";

export const zh: typeof en = {
  tag: "zh-Hans",
  colon: "：",
  comma: "，",
  semicolon: "；",
  stop: "。",
  gap: "",
  also: "、",
  status: {
    ok: "正确",
    root: "错误",
    inherited: "受牵连",
    convention: "约定不同",
    kink: "折点",
    undecided: "未定",
    missing: "未给出",
    shape: "形状不符",
    nan: "非有限数",
  },
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
  kinds: {
    missing: "你的式子里少了点什么。",
    extra: "你的式子里多了不该有的东西。",
    other: "你的式子里有一处应该是别的东西。",
    sign: "符号错了。",
    constant: "常数因子错了。",
    unknown: "没有哪种典型错误能解释它。",
  },
  rightGradients: "正确：你给出的每个梯度都对。",
  rightTo: ({ rounding }) => `按 ${rounding} 来看正确：你给出的每个式子都成立。`,
  open: ({ rounding, places }) =>
    `无法定论：${rounding === "" ? "这些位数" : `按 ${rounding} 来读，这些数`}分不出${places}的对错；给出的式子没有错的。`,
  asked: ({ question }) => `无法定论：${question}。`,
  doubt: ({ name, slips, decimals }) =>
    `${name} 成立，但下面的错误也同样成立：${slips}。` +
    (decimals === null ? "它打印出来全是 0：请用科学计数法打印" : `再多 ${decimals} 位小数即可判定`),
  mistakes: ({ count }) => `发现 ${count} 处错误`,
  at: ({ equation, layer }) => `第 ${layer} 层${equation === "forward" ? "前向计算" : `的 ${equation}`}`,
  layer: ({ layer }) => `第 ${layer} 层`,
  samples: ({ count }) => `${count} 个样本`,
  cost: ({ name }) => `${name}代价`,
  references: {
    autograd: "与自动微分比较",
    differences: "与你自己的前向函数的差商比较",
    file: "与你文件里自带的参照的自动微分比较",
    teacher: "与老师给的参照的自动微分比较",
  },
  kernel: "整个算子",
  columns: { equation: "式子", verdict: "判定", yours: "你的值", correct: "正确值", difference: "最大差" },
  yours: "你的",
  correct: "正确",
  ratio: "你的 / 正确",
  entry: "位置",
  alternatives: "同样吻合的解释",
  convention: "约定",
  forward: "前向",
  forwardRight: ({ names }) => `前向计算  ${names}：正确`,
  score: ({ passed, given }) => `${given} 个式子中 ${passed} 个正确`,
  scoreOfGradients: ({ passed, given }) => `${given} 个梯度中 ${passed} 个正确`,
  points: ({ gained, of, open }) => `${of} 分得 ${gained} 分${open === 0 ? "" : `，${open} 分未定`}`,
  blindTitle: "这组数据看不出什么",
  blind: ({ missed, tried }) =>
    missed === 0
      ? `${tried} 种典型错误，这组数据都能看出来。`
      : `在 ${tried} 种典型错误中，有 ${missed} 种是这组数据看不出来的。`,
  blindInputs: ({ missed, tried }) =>
    `在这些输入上，${tried} 个典型错误里有 ${missed} 个给出的梯度也是对的；检查另外还用了别的输入。`,
  blindShapes: ({ missed, tried }) => `在这些形状下，${tried} 个典型错误里有 ${missed} 个给出的梯度也是对的。`,
  checked: ({ difference }) =>
    "参照值已经核对：闭式与自动微分在舍入误差内一致" +
    `${difference === null ? "" : difference === "0" ? "，与差商也在舍入误差内一致" : `，与差商相差 ${difference}`}。`,
  disagree: ({ autograd, difference }) =>
    `参照值之间互相矛盾（自动微分相差舍入误差的 ${autograd} 倍` +
    `${difference === null ? "" : `，差商相差 ${difference}`}）：请不要相信这个结论。`,
  adjointsDisagree: ({ gap }) =>
    `由你的前向差商得到的 ⟨g, Jv⟩ 与参照的 ⟨Jᵀg, v⟩ 相差 ${gap}，互相矛盾：请不要相信这个结论。`,
  readAs: "理解为",
  asOurs: "名称与排列同我们的",
  step: ({ line, text, why }) => `第 ${line} 行：中间步骤 ${text} 不正确${why === "" ? "" : `：${why}`}`,
  derivation: "推导",
  equations: "各个式子",
  gradients: "各个梯度",
  findings: "错在哪里",
  network: "网络",
  data: "报告数据",
  keys: "用方向键逐个查看元素。",
  entries: ({ shown, all }) =>
    shown === all ? "以表格列出各元素" : `以表格列出相差最大的 ${shown} 个元素（共 ${all} 个）`,
  within: "在舍入误差内一致",
  notCompared: "没有计算差值",
  note: "注意",
  because: "因为",
};
