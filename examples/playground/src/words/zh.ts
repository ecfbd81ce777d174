/** What the page says in Chinese; it is loaded when asked for. */

import type { PageWords } from "./en.ts";

export const zh: PageWords = {
  tag: "zh-Hans",
  title: "边写边查的反向传播",
  claim: { before: "课程的检查器只说 ", after: "。这里告诉你错在哪里。" },
  lead: "一切都在你自己的机器上运行。改动一行，判定随即更新。",
  skip: "跳到判定",
  language: "语言",
  screens: { label: "检查什么", exercise: "练习题", yours: "粘贴你的" },
  exerciseNote: "半数课程都布置的练习：反向传播里埋了两处错误。找出来，或者直接在这里改好。",
  yoursNote: "NumPy 代码行、普通公式、下标写法或 LaTeX 都可以，名称照你自己的用。",
  work: "你的推导",
  reset: "恢复原样",
  placeholder: "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T\ndZ1 = (W2.T @ dZ2) * (1 - A1**2)\n…",
  network: "网络", layer: (l) => (l === 0 ? "输入" : `第 ${l} 层`), units: (l) => (l === 0 ? "输入的单元数" : `第 ${l} 层的单元数`),
  activation: (l) => `第 ${l} 层的激活函数`, more: "多一个单元", fewer: "少一个单元",
  addLayer: "加一层", removeLayer: "减一层", cost: "代价",
  costs: { quadratic: "½ 平方和", meanSquared: "均方", crossEntropy: "交叉熵", categoricalCrossEntropy: "多类交叉熵", softmaxCrossEntropy: "softmax 交叉熵" },
  verdict: "判定",
  thinking: "正在读入……",
  nothing: { title: "还没有可检查的内容", says: "请在左边输入或粘贴一行。一个式子就够：没写的不算错。" },
  unread: "这里还读不懂",
  line: (line) => `第 ${line} 行`,
  hints: { label: "透露多少", levels: ["只说对错", "哪个式子", "哪类错误", "全部"] },
  share: "复制链接", shared: "已复制",
  status: { ok: "正确", root: "错误", inherited: "受牵连", convention: "约定不同", kink: "折点", undecided: "未定", missing: "未给出", shape: "形状不符", nan: "非有限数" },
  foot: "没有服务器，没有 cookie，载入之后不再联网。报告与 chainrule check --html 写出的是同一份。",
};
