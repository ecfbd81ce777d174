/** What the game says in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  title: "找出错误",
  lead: "反向传播里有一处错误。先指出是哪个式子，再说出是什么错；检查当场告诉你对不对。",
  ranks: ["", "简单", "中等", "较难"],
  level: (n, of, rank) => `第 ${n} 关，共 ${of} 关 · ${rank}`,
  drawn: (seed) => `由种子 ${seed} 抽出`,
  claim: "交上来的推导",
  textNote: "这是为下面的网络写的反向传播。哪一行错了？",
  numbersNote: "某人反向传播的数，旁边是正确的数。上面的错会往下传：真正出错的是哪个式子？",
  yours: "他的", correct: "正确",
  place: (equation, layer) => `第 ${layer} 层的 ${equation}`,
  first: "1. 指出式子", firstText: "选出写错的那一行。", firstNumbers: "选出本身就错的那个式子。",
  second: "2. 说出是什么错", secondText: "这里发生了什么？",
  fine: (name) => `${name} 是对的。`,
  inherited: (name) => `${name} 本身没错：它只是把上面的错传了下来。`,
  named: (name, place) => `对了：${name}，${place}。`,
  no: (id) => `不是这个：检查没有在这里发现 ${id}。`,
  solved: "解出来了。", again: "解出来了，用了提示或试了几次。",
  published: "这类错误曾发表在",
  fromCatalogue: "由错误目录按种子生成：除了这个式子，其余都对。",
  next: "下一关", previous: "上一关", draw: "按种子抽一题", link: "复制链接",
  told: "提示", levels: ["不提示", "哪个式子", "哪类错误", "整份报告"],
  report: "显示报告",
  all: "全部关卡", levelAt: (n, rank, solved) => `第 ${n} 关，${rank}${solved ? "，已解出" : ""}`,
  score: (solved, of, clean, seeds) =>
    `已解出 ${solved} / ${of} 关，其中 ${clean} 关一次答对且未用提示${seeds === 0 ? "" : `；按种子抽的 ${seeds} 题`}。`,
  kept: "成绩只保存在这台机器上。",
  forget: "清除成绩",
};
