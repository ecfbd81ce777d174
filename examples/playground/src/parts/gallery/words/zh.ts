/** What the gallery says in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  title: "发表过、很多人读过，却是错的",
  lead: "图书、课程、程序库和文章里的错误，你看到时由检查当场重新判定。式子是重新写的，错误是原来的。",
  exhibit: (n, of) => `第 ${n} 件，共 ${of} 件`,
  claim: "原来的写法",
  all: "全部展品",
  next: "下一件",
  previous: "上一件",
  play: "玩同类的关卡",
  yours: "自己动手改",
  verdict: "检查的判定",
};
