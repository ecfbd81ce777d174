/** The table of a class and what stands below it, in Chinese. */

import type { classes as en } from "../en/classes.ts";

export const classes: typeof en = {
  head: { file: "文件", verdict: "判定", right: "正确", points: "得分", roots: "错误", says: "首要的一点" },
  verdict: {
    correct: "正确",
    mistake: "有错",
    "forward-wrong": "前向有错",
    contract: "未能判断",
    inconclusive: "未定",
    internal: "内部错误",
  },
  count: {
    correct: (n) => `${n} 份正确`,
    mistake: (n) => `${n} 份有错`,
    "forward-wrong": (n) => `${n} 份前向有错`,
    contract: (n) => `${n} 份未能判断`,
    inconclusive: (n) => `${n} 份未定`,
    internal: (n) => `${n} 份使 chainrule 出错`,
  },
  total: ({ files, counts }) => `共 ${files} 份：${counts.join("，")}。`,
  common: ({ roots }) => `最常见：${roots.join("，")}。`,
  same: ({ files }) => `逐字节相同：${files.join("，")}。`,
  points: ({ mean, of }) => `平均 ${of} 分得 ${mean} 分。`,
};
