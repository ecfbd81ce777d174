/** What the derivation says in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  title: "四个公式从何而来",
  lead: "你的网络的梯度怎样从代价一步步推出，用你选择的记号。",
  notation: "记号",
  notations: { document: "文档", nielsen: "Nielsen", ng: "Ng", haykin: "Haykin", cs231n: "CS231n" },
  formulas: "公式",
  letters: "只用字母",
  numbers: "并代入数字",
  whose: "用的是“看数字流动”里的数。",
  others: "换一组数",
  copyLatex: "复制为 LaTeX",
  copyMathml: "复制为 MathML",
};
