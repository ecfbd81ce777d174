/** What the part says in Chinese. */

import type { FlowWords } from "./en.ts";

export const zh: FlowWords = {
  title: "一个样本穿过你的网络，再回来",
  lead: "每个公式都代入数字，一个神经元一步：先前向算到代价，δ 再逐层传回。",
  seed: "随机种子", others: "换一组数", untype: "撤销我输入的数",
  notation: "记号",
  notations: { document: "文档", nielsen: "Nielsen", ng: "Ng", haykin: "Haykin", cs231n: "CS231n" },
  stage: "带数字的网络",
  input: "输入", layer: (layer) => `第 ${layer} 层`, cost: "代价",
  weights: "权重：选一个，看它通向代价的路径",
  weightLabel: ({ layer, to, from, value, gradient }) =>
    `第 ${layer} 层的权重，从 ${from} 到 ${to}：${value}${gradient === null ? "" : `，导数 ${gradient}`}`,
  neuronLabel: ({ layer, neuron, known }) =>
    `${layer === 0 ? `输入 ${neuron}` : `第 ${layer} 层第 ${neuron} 个神经元`}：${known === "" ? "尚未算出" : known}`,
  costLabel: (cost) => `代价：${cost === "·" ? "尚未算出" : `C = ${cost}`}`,
  controls: "步骤", first: "回到第一步", back: "上一步", next: "下一步", play: "播放", pause: "暂停", scrub: "步骤",
  count: ({ step, steps }) => `${step} / ${steps}`,
  forward: "前向",
  at: ({ layer, neuron }) => `第 ${layer} 层第 ${neuron} 个神经元`,
  why: {
    both: "各个输入乘以权重，再加偏置，得到 u；经过激活函数，就是神经元的输出 v。",
    u: "各个输入乘以权重，再加偏置。",
    v: "每个输出都取决于本层的全部输入，所以要先把它们算出来。",
    cost: "输出离目标有多远。",
    bp1: "输出神经元的输入 u 变动时，代价怎样变。",
    bp2: "上一层每个神经元的 δ 按权重传回，求和，再乘以激活函数的斜率。",
    gradients: "对偏置的导数就是 δ；对权重的导数是 δ 乘以经它传入的值。",
  },
  theStep: "这一步做什么",
  formula: "代入数字的公式",
  biasIs: (value) => `对偏置的导数 ${value}`,
  weightsAre: (values) => `对各权重的导数 ${values}`,
  sentence: ({ step, steps, tag, title, values }) => `第 ${step} 步，共 ${steps} 步。${tag}：${title}。${values}。`,
  hint: "在图中选一个权重：它通向代价的路径会亮起来，各路径的乘积相加。",
  pathsOf: ({ layer, to, from }) => `第 ${layer} 层的权重，从 ${from} 到 ${to}`,
  pathCount: (count) => (count === 1 ? "只有一条路径通向代价，沿途的导数相乘。" : `有 ${count} 条路径通向代价：每条路径上的导数相乘，再把各乘积相加。`),
  stop: ({ layer, neuron }) => `第 ${layer} 层 ${neuron}`,
  close: "取消选择",
  numbers: "全部数字",
  numbersSay: "可以改成你自己的数，其余随之更新。每个权重和偏置下面是代价对它的导数。",
  tooMany: "权重太多，不便逐个输入；网络小一些时会显示输入框。",
  inputs: "输入 x", targets: "目标 t", inputOf: (i) => `输入 ${i}`, targetOf: (j) => `目标 ${j}`,
  tableOf: (layer) => `第 ${layer} 层`, neuron: "神经元", from: (i) => `来自 ${i}`, bias: "偏置",
  weightOf: ({ layer, to, from }) => `第 ${layer} 层的权重，从 ${from} 到 ${to}`,
  biasOf: ({ layer, neuron }) => `第 ${layer} 层第 ${neuron} 个神经元的偏置`,
};
