/** What *for developers* says in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  title: "你写得出的函数，它都能求导",
  lead: "循环、分支、多个参数都行：值、梯度、Hessian 直接从代码得出，只差舍入误差。",
  which: "显示什么",
  tabs: { loss: "损失函数", fit: "随手拟合", nist: "认证数据集" },
  loss: {
    begin: "从这里开始", examples: { bend: "衰减，带循环和 if", layers: "一个小网络", branch: "迭代到收敛" },
    editor: "用 TypeScript 写的损失函数",
    note: "边写边运行，在独立来源的 worker 里：碰不到页面、存储和网络。请导出 point 和 loss。",
    results: "值与导数", run: "运行", end: "停止",
    waiting: "正在运行……",
    strange: { title: "这段代码来自链接", says: "尚未运行任何内容。请先读一遍；即使运行，它也碰不到本页、浏览器的存储和网络。" },
    fails: "运行出错", stopped: "已停止",
    overtime: (seconds) => `超过了 ${seconds} 秒。请检查是否有死循环。`,
    ended: "你停止了它。",
    value: "值", gradient: "梯度", hessian: "Hessian 矩阵", parameter: "参数", at: "取值",
    many: (count) => `${count} × ${count} 个数太多，看不过来；用 hessian(loss) 可以得到。`,
    times: "一次求值与梯度的时间", eager: "直接运行", compiled: "编译后",
    ratio: (ratio, first) => `快 ${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)} 倍；编译为 WebAssembly 用了 ${first}。以上都是刚刚在本机测得的；本页不允许在运行时生成代码，别处直接运行会更快。`,
    uncompiled: (because) => `未能编译：${because}`,
    untimed: "耗时太长，未计时。",
    graph: "计算图", graphAlt: "计算图；文字版在下面。", asText: "文字版",
    graphNote: "每个框是一个运算，带形状和值；红色是损失对它的导数。",
  },
};
