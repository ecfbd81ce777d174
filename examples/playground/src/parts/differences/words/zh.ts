/** What the part says in Chinese. */

import type { DifferencesWords } from "./en.ts";

export const zh: DifferencesWords = {
  title: "不求导也能得到梯度，代价几何",
  lead: "把一个权重挪动 ε，看代价变了多少：挪得太多，曲线已经弯了；挪得太少，有效数字就没了。",
  note: "用的是“看数字流动”里的数：同一个样本，同一个种子。",
  others: "换一组数",
  epsilon: "步长 ε",
  errorAxis: "梯度的相对误差",
  plot: "梯度的相对误差随 ε 的变化。同样的数列在下面的表里。",
  says: ({ epsilon, errors }) => `ε = ${epsilon}。误差：${errors}。`,
  ways: {
    forward: { name: "前向差商", formula: "(C(w + ε) − C(w)) / ε", count: "n + 1" },
    central: { name: "中心差商", formula: "(C(w + ε) − C(w − ε)) / 2ε", count: "2n" },
    complex: { name: "复步长", formula: "Im C(w + iε) / ε", count: "n" },
  },
  backprop: { name: "反向传播", formula: "BP1 至 BP4", count: "前向一遍，反向一遍", names: "哪一层，凭它的 δ" },
  error: "相对误差",
  evaluations: "计算代价的次数",
  best: "最好时",
  names: "能指出",
  bestAt: ({ error, epsilon }) => `${error}（ε = ${epsilon}）`,
  derivativeBy: (place) => {
    const [name = "", to, from] = place.split(".");
    const layer = name.slice(1);
    return from === undefined
      ? `对第 ${layer} 层第 ${Number(to) + 1} 个神经元的偏置求导`
      : `对第 ${layer} 层从 ${Number(from) + 1} 到 ${Number(to) + 1} 的权重求导`;
  },
  digitsSay: "取绝对值最大的那个导数；与反向传播不一致的数字划去。做差比较的检查器只知道有错：差商不认识层。",
  someFollowed: ({ followed, parameters }) =>
    `曲线只跟踪 ${parameters} 个权重和偏置中均匀选出的 ${followed} 个；次数按全部计。`,
  asTable: "曲线的数据表",
};
