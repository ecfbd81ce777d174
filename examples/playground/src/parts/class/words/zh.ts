/** What *For a class* says in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  set: {
    title: "给全班布置一次反向传播",
    lead: "题目都在一个链接里：网络、数据、当前页面的语言，以及检查透露多少。不用注册，没有服务器。",
  },
  do: {
    numbers: {
      title: "你的任务：求这个网络的反向传播",
      lead: "根据已知的数算出结果，填在下面。每填一个数，判定随即更新。",
    },
    formulas: {
      title: "你的任务：求这个网络的反向传播",
      lead: "写出各个公式，或写成 NumPy 代码行。每写一行，判定随即更新。",
    },
  },
  handIn: "学生提交",
  forms: { numbers: "数值", formulas: "公式" },
  seed: "种子",
  others: "换一组",
  drawn: (seed) => `由种子 ${seed} 抽取，可以逐个改动`,
  ownNumbers: "你自己的数",
  tooLarge: (most) => `超过 ${most} 个单元的层没人会逐个填写：请改为提交公式，或换小一些的网络。`,
  steps: "三步",
  link: {
    title: "把链接发给学生",
    says: (level) => `打开就是这道题，语言与你现在看到的相同。检查会告诉他们：${level}。`,
    copy: "复制链接",
    open: "以学生身份打开",
  },
  back: { title: "收回文件", says: "每位学生把自己的推导存成一个文本文件，用你们惯用的方式交给你。" },
  verify: {
    title: "再检查一遍",
    says: "命令会根据文件里的数重新作出每一个判定。请把答案放在学生文件夹旁边：谁用的不是题目的数，就按他自己的数判定，报告里会说明。",
    save: (file) => `保存答案 ${file}`,
  },
  honest: {
    title: "这是方便练习的工具，不是考试",
    says: "改动链接就能看到更多；有这个页面的人，想问几次就问几次。文件里没有可以伪造的判定，只有交给命令去判的推导；至于是谁做的，它无从知道。",
  },
  name: "你的姓名",
  save: (file) => `保存 ${file}`,
  saveSays: "要交的就是这个文件。页面没有把任何东西发到别处。",
  toldHowMuch: (level) => `老师设定的透露程度：${level}。`,
  another: "自己布置一道题",
};
