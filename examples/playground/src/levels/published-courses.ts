/** Slips in courses, and in posts and questions that many people read. */

import type { Published } from "./published.ts";

export const courses = {
  gradientChecking: {
    work: "Improving Deep Neural Networks: Gradient Checking",
    sort: "course",
    level: "planted-weights",
    where: { en: "the notebook as it is handed out", zh: "下发的作业本身" },
    says: {
      en:
        "Planted for students to find: a factor 2 in dW2 and a factor 4 in db1. The course’s checker gives one " +
        "number for both.",
      zh: "故意埋给学生找的：dW2 里的因子 2 和 db1 里的因子 4。课程的检查器对两处只给出一个数。",
    },
  },
  languageCourse: {
    work: "Natural Language Processing Specialization",
    sort: "course",
    level: "row-sums",
    where: {
      en: "course 2, week 4, back_prop; issues 62 and 64 of a published copy",
      zh: "课程 2 第 4 周 back_prop；公开副本的 issue 62 与 64",
    },
    says: {
      en: "The biases’ gradients are row sums of the weights’: δ summed up together with the activations below it.",
      zh: "偏置的梯度取成权重梯度的行和：δ 和下层的激活值一起被加了进去。",
    },
  },
  stat453: {
    work: "STAT 453: Introduction to Deep Learning",
    sort: "course",
    level: "all-units",
    where: { en: "L08, softmax regression from scratch; issue 5", zh: "L08，从零实现 softmax 回归；issue 5" },
    says: {
      en: "One sum over samples and units alike: all biases get the same number, and stay equal for ever.",
      zh: "对样本和单元一起求和：所有偏置得到同一个数，并且永远相等。",
    },
  },
  zeroToAll: {
    work: "Deep Learning Zero to All",
    sort: "course",
    level: "sums",
    where: { en: "lab 09, backprop by hand; issue 173", zh: "lab 09，手写反向传播；issue 173" },
    says: {
      en:
        "The weights’ gradients were sums over the samples, not means: right for four samples, and far too large " +
        "for more.",
      zh: "权重的梯度是对样本求和而不是取平均：四个样本时无妨，样本一多就大得离谱。",
    },
  },
  cs336: {
    work: "CS336: Language Modeling from Scratch",
    sort: "course",
    level: "untransposed",
    where: { en: "lecture 2; pull request 10", zh: "第 2 讲；pull request 10" },
    says: {
      en: "The expression for the gradient of the layer below lacked the transpose of W.",
      zh: "下一层梯度的表达式里，W 少了转置。",
    },
  },
  homework: {
    work: "Fundamentals of Artificial Intelligence",
    sort: "course",
    level: "softmax-prime",
    where: { en: "a published solution, np_mnist_mlp.py; issue 1", zh: "公开的作业解答 np_mnist_mlp.py；issue 1" },
    says: {
      en: "softmax′ was written as softmax (1 − softmax), as if its outputs did not know of each other.",
      zh: "softmax′ 写成了 softmax (1 − softmax)，仿佛各输出互不相干。",
    },
  },
  linearSvm: {
    work: "CS231n, assignment 1",
    sort: "course",
    level: "halves",
    where: { en: "a published solution, linear_svm.py; issue 3", zh: "公开的作业解答 linear_svm.py；issue 3" },
    says: {
      en: "Cost and gradient of the regularization disagreed by a factor 2.",
      zh: "正则项的代价和梯度相差一个因子 2。",
    },
  },
  twoLayerNet: {
    work: "CS231n, assignment 1",
    sort: "course",
    level: "no-decay",
    where: { en: "a published solution, neural_net.py; issue 9", zh: "公开的作业解答 neural_net.py；issue 9" },
    says: {
      en: "The cost regularized parameters (there the biases) whose gradient said nothing of it.",
      zh: "代价里正则化了某些参数（那里是偏置），它们的梯度却没有相应的项。",
    },
  },
  writeUp: {
    work: "CS231n, assignment 1",
    sort: "course",
    level: "gradient-cut",
    where: { en: "a write-up of the two-layer network", zh: "两层网络的一篇作业笔记" },
    says: {
      en: "∂L/∂H = max(∂L/∂H, 0): the gradient is cut where the input should decide.",
      zh: "∂L/∂H = max(∂L/∂H, 0)：把梯度截断了，而该由输入决定。",
    },
  },
  exercise4: {
    work: "Machine Learning, exercise 4",
    sort: "course",
    level: "biases-too",
    where: { en: "a published solution; issue 3", zh: "公开的作业解答；issue 3" },
    says: {
      en: "The regularization reached the column of the biases, which the exercise leaves out.",
      zh: "正则化也作用到了偏置那一列，而习题要求排除它。",
    },
  },
} as const satisfies Readonly<Record<string, Published>>;

export const asked = {
  stepByStep: {
    work: "A Step by Step Backpropagation Example",
    sort: "post",
    level: "new-weights",
    where: { en: "the error after the first round, 0.291027924", zh: "第一轮之后的误差 0.291027924" },
    says: {
      en:
        "The right number is 0.291027774. The printed one comes out, to its last digit, where the hidden layer " +
        "reads the output weights after their update, which the text itself warns against. Its biases never " +
        "learn.",
      zh: "正确的数是 0.291027774。若隐藏层读的是更新后的输出权重，印出的那个数就会一位不差地出现，而正文恰恰告诫不要这样做。它的偏置从不更新。",
    },
  },
  threeLayers: {
    work: "Neural Network with Python",
    sort: "post",
    level: "error-alone",
    where: { en: "the delta of the last layer; issue 1", zh: "最后一层的 delta；issue 1" },
    says: {
      en: "The output’s error went back as it was, without σ′; its author agreed.",
      zh: "输出误差没有乘 σ′ 就往回传；作者已认可。",
    },
  },
  fromScratch: {
    work: "Implementing a Neural Network from Scratch",
    sort: "post",
    level: "slope-above",
    where: {
      en: "the formula in the notebook; pull request 3, merged",
      zh: "notebook 中的公式；已合并的 pull request 3",
    },
    says: {
      en: "The formula had 1 − tanh² of z₂, the layer above; the code below it was right.",
      zh: "公式写成了对上一层 z₂ 取 1 − tanh²；下面的代码是对的。",
    },
  },
  demystified: {
    work: "Neural Networks Demystified",
    sort: "post",
    level: "octave-sums",
    where: { en: "part 7, costFunctionPrime; issue 15", zh: "第 7 部分 costFunctionPrime；issue 15" },
    says: {
      en: "The video’s gradient lacks the division by the number of samples that its cost has.",
      zh: "视频里的代价除以了样本数，梯度却没有除。",
    },
  },
  notes: {
    work: "Notes on training neural networks",
    sort: "post",
    level: "mean-of-bias",
    where: { en: "backpropagation; issue 5", zh: "反向传播一页；issue 5" },
    says: {
      en: "The bias’s gradient was a mean over samples beside gradients of weights that are sums.",
      zh: "权重的梯度是对样本求和，偏置的梯度却取了平均。",
    },
  },
  question: {
    work: "Stack Overflow",
    sort: "answer",
    level: "error-in-deep",
    where: { en: "question 53287032", zh: "问题 53287032" },
    says: {
      en:
        "The right rule beside one that sends the error back without σ′: the wrong one converged better, and the " +
        "question is which is correct.",
      zh: "正确的规则，和一条传误差时不带 σ′ 的规则：错的反而收敛更快，于是有人问哪条才对。",
    },
  },
  recognizer: {
    work: "Stack Overflow",
    sort: "answer",
    level: "own-output",
    where: { en: "question 77951589", zh: "问题 77951589" },
    says: {
      en: "∂z₂/∂w₂ is written as a₂, the layer’s own output, where a₁ belongs.",
      zh: "∂z₂/∂w₂ 写成了本层的输出 a₂，而应当是 a₁。",
    },
  },
} as const satisfies Readonly<Record<string, Published>>;
