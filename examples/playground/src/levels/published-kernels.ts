/** Published slips of single operations: no network, so that they are no levels; the check of a kernel judges them. */

import type { Exhibit } from "./published.ts";

/** An operation, as its work wrote it. */
export interface PublishedKernel extends Exhibit {
  /** The lines, written anew. */
  readonly text: string;
  /** What the check calls it. */
  readonly id: string;
}

export const publishedKernels = {
  lossAlone: {
    work: "Deep Learning from Scratch (ゼロから作る Deep Learning)",
    sort: "book",
    id: "E9",
    where: { en: "SoftmaxWithLoss.backward", zh: "SoftmaxWithLoss.backward" },
    says: {
      en: "The upstream gradient is taken and never used: right where nothing but this loss follows, and nowhere else.",
      zh: "接收了上游梯度却没有用到：只有后面再无别的运算时才对。",
    },
    text: `def backward(self, dout=1):
    batch_size = self.t.shape[0]
    dx = (self.y - self.t) / batch_size
    return dx`,
  },
  reluInPlace: {
    work: "Deep Learning from Scratch (ゼロから作る Deep Learning)",
    sort: "book",
    id: "E10",
    where: { en: "Relu.backward", zh: "Relu.backward" },
    says: {
      en: "It writes into the gradient that it was handed: whoever else reads that one reads it cut.",
      zh: "它直接改写了传进来的梯度：别处再读这份梯度时，已经被截过了。",
    },
    text: `def backward(self, dout):
    dout[self.mask] = 0
    dx = dout
    return dx`,
  },
  unturned: {
    work: "Convolutional Neural Networks, week 1",
    sort: "course",
    id: "G1",
    where: { en: "what the grader of conv_backward lets pass", zh: "conv_backward 的评分器会放过的写法" },
    says: {
      en: "The grader compares the mean of dA alone; a kernel that is not turned has the same mean, to the last digit.",
      zh: "评分器只比较 dA 的均值，而没有翻转的卷积核给出的均值一位不差。",
    },
    text: `for h in range(n_H):
    for w in range(n_W):
        dA_prev[h:h+f, w:w+f] += W[::-1, ::-1] * dZ[h, w]
        dW += a_prev[h:h+f, w:w+f] * dZ[h, w]`,
  },
  noUpstream: {
    work: "PyTorch",
    sort: "answer",
    id: "E9",
    where: { en: "an ISRLU of one’s own; issue 4355", zh: "自写的 ISRLU；issue 4355" },
    says: {
      en: "backward returns the local slope and leaves out what comes from above; gradcheck failed without saying so.",
      zh: "backward 返回了本地导数，却没有乘上从上面传来的梯度；gradcheck 报了错，却没说错在哪里。",
    },
    text: `def backward(ctx, grad_output):
    return ctx.nisr ** 3   # nisr = 1 / sqrt(1 + min(x, 0)²)`,
  },
  clippedValue: {
    work: "Yes you should understand backprop",
    sort: "post",
    id: "I6",
    where: { en: "the code of a deep Q network", zh: "一份深度 Q 网络的代码" },
    says: {
      en:
        "The error was clipped to keep its gradient small. Outside of the interval that gradient is 0, " +
        "and nothing is learned there.",
      zh: "本想限制梯度而截断了误差。区间之外梯度为 0，那里什么也学不到。",
    },
    text: `delta = target - q
clipped = tf.clip_by_value(delta, -1, 1)
cost = tf.reduce_mean(tf.square(clipped))`,
  },
} as const satisfies Readonly<Record<string, PublishedKernel>>;

export type KernelName = keyof typeof publishedKernels;
