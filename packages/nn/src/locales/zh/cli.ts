/** Sentences of the command about files, calls and references, in Chinese. */

import type { cli as en } from "../en/cli.ts";

export const cli: typeof en = {
  ownFault: ({ message }) => `是 chainrule 的错，不是文件的错：${message}`,
  oneFile: ({ why }) => `${why}：请交一个文件，例如 backprop.py`,
  noFileInFolder: ({ stem }) =>
    `这个文件夹里没有能判的文件：只在它里面找 ${stem ?? "backprop"}.py 这样的文件，不到更深的文件夹里找`,
  whichFile: ({ files, stem, ending }) =>
    `这个文件夹里有 ${files.join("、")}：是哪一个？请命名为 ${stem ?? "backprop"}${ending}`,
  folderNotRead: ({ code }) => `读不了这个文件夹：${code}`,
  fault: ({ at, message, advice, code }) => `${at}：${message}${advice === "" ? "" : `：${advice}`}${code}`,
  otherThanNetwork: ({ reference }) => `它讲的是算子或计算图，而参照 ${reference} 讲的是网络`,
  otherGradients: ({ own, reference, wanted }) => `它给出 ${own}，而参照 ${reference} 给出 ${wanted}`,
  otherThanKernel: ({ reference }) => `它讲的是网络，而参照 ${reference} 讲的是算子`,
  otherNetwork: ({ mine, reference, theirs }) =>
    `它说的是 ${mine}，而参照 ${reference} 是 ${theirs}：要判的是参照所讲的`,
  otherNumbers: ({ roles, reference }) =>
    `它的数字（${roles.join("、")}）与参照 ${reference} 的不同：要判的是参照所讲的`,
  notAllGiven: ({ reference, places }) => `交来的都成立，但参照 ${reference} 给出的没有交全：缺 ${places}`,
  onYourData: "在你文件里的数据上一切成立；换成另一组数（如这里所示）就不成立了。",
  calledWithLists: "调用你的函数时：w 为一维，b 为一个数，目标为一维",
  targetsAsClasses: "，目标为类别号",
  flatBiases: "b 为一维",
  rowBiases: "b 为行",
  columnBiases: "b 为列",
  oneSampleACall: "每次一个样本",
  samplesInRows: "样本按行",
  samplesInColumns: "样本按列",
  weightsOutIn: "W 为 出×入",
  weightsInOut: "W 为 入×出",
  calledWith: ({ weights, samples, biases, targets }) => `调用你的函数时：${weights}，${samples}，${biases}${targets}`,
  functionAt: ({ name, line }) => `第 ${line} 行的函数 ${name}`,
  sandboxed: "在沙箱中运行：没有文件、程序、线程、网络和环境变量",
  sandboxedWithNetwork: ({ version }) =>
    `在沙箱中运行：没有文件、程序、线程和环境变量；网络仍是开着的，Node ${version} 关不上`,
  unreadDecay: "作用域里的 λ 在任何梯度中都没有出现：按没有 L2 来判；如果你的代价含有它，这就是错误 E1",
  stepAdds: "更新时加上所算的量，即 −∂C/∂w：只是符号约定不同，不是错误",
  leftOut: ({ names }) => `${names.join("、")}：未读，因为它们在这里并不是这些名称所说的量`,
  readsNoBiases: "你的函数不读偏置：按没有偏置的网络来判",
  readsSomeBiases: ({ names }) => `你的函数不读 ${names.join("、")}：这些层按没有偏置来判`,
};
