/** Slips in books, and in libraries that many programs used. */

import type { Published } from "./published.ts";

export const books = {
  scratch: {
    work: "Data Science from Scratch",
    sort: "book",
    level: "new-weights-code",
    where: {
      en: "first edition, neural_networks.py; issue 31 of its code",
      zh: "第一版，neural_networks.py；其代码库的 issue 31",
    },
    says: {
      en:
        "The output weights are changed first, and the hidden δ is then computed with the changed ones. A reader " +
        "asked about it in 2017; the second edition computes every δ before it changes anything.",
      zh: "先更新了输出层的权重，再用更新后的权重计算隐藏层的 δ。2017 年有读者提问；第二版改为先算完所有 δ 再更新。",
    },
  },
  ownNetwork: {
    work: "Make Your Own Neural Network",
    sort: "book",
    level: "error-not-delta",
    where: { en: "part 2, train() of the network", zh: "第 2 部分，网络的 train()" },
    says: {
      en:
        "The hidden error is Wᵀ times the output error, not times δ: the output’s σ′ is lost on the way. It " +
        "learns all the same, which is why accuracy is no check.",
      zh: "隐藏层的误差取成 Wᵀ 乘输出误差，而不是乘 δ：输出层的 σ′ 在半路丢了。它照样能学会，所以准确率不能当作检验。",
    },
  },
  grokking: {
    work: "Grokking Deep Learning",
    sort: "book",
    level: "reviews",
    where: {
      en: "chapter 11, predicting movie reviews; issue 50 of its code",
      zh: "第 11 章，影评预测；其代码库的 issue 50",
    },
    says: {
      en: "The forward pass has an activation in the hidden layer, the backward pass has no slope of it.",
      zh: "前向传播里隐藏层用了激活函数，反向传播里却没有它的导数。",
    },
  },
  grokkingDeltas: {
    work: "Grokking Deep Learning",
    sort: "book",
    level: "turned",
    where: {
      en: "weight deltas of several inputs and outputs; pull request 22",
      zh: "多输入多输出的权重增量；pull request 22",
    },
    says: {
      en:
        "The matrix of the weight deltas was the transpose of what it should be, so that weights were changed by " +
        "each other’s gradients.",
      zh: "权重增量矩阵是应有矩阵的转置，于是每个权重用的是别的权重的梯度。",
    },
  },
  interviews: {
    work: "Deep Learning Interviews",
    sort: "book",
    level: "of-input",
    where: { en: "solution 5.21; issue 4 of its repository", zh: "习题解答 5.21；其代码库的 issue 4" },
    says: {
      en: "The slope of the sigmoid is y (1 − y) of its output; the solution’s code applied x (1 − x) to its input.",
      zh: "sigmoid 的导数是对输出取 y (1 − y)；解答的代码却对输入取了 x (1 − x)。",
    },
  },
  codeBook: {
    work: "机器学习：公式推导与代码实现",
    sort: "book",
    level: "misprint",
    where: { en: "the network’s derivation; issue 10 of its code", zh: "神经网络的求导推导；其代码库的 issue 10" },
    says: {
      en:
        "A 1/m too many in a hidden layer of the derivation: a misprint, says its erratum, mended in the third " +
        "printing.",
      zh: "推导中隐藏层多了一个 1/m：作者答复是印刷错误，三印勘误中已改正。",
    },
  },
  deepLearning: {
    work: "Deep Learning (中文版)",
    sort: "book",
    level: "deep-cut",
    where: { en: "section 6.5.7 of the Chinese translation; issue 127", zh: "中译本 6.5.7 节；issue 127" },
    says: {
      en:
        "The translation set the parts of the gradient that are below 0 to 0; it is the input that decides which " +
        "parts.",
      zh: "译文说把梯度中小于 0 的部分清零；其实由输入决定清零哪些位置。",
    },
  },
  onlineBook: {
    work: "Neural Networks and Deep Learning",
    sort: "book",
    level: "slope-kept",
    where: { en: "network2.py; pull request 77, which was not taken", zh: "network2.py；未被采纳的 pull request 77" },
    says: {
      en:
        "The book is right: with the cross-entropy σ′ cancels. A reader proposed to put it back, by the equation " +
        "of the quadratic cost; readers of other books ask the same.",
      zh: "书是对的：用交叉熵时 σ′ 会消去。有读者按二次代价的公式提议把它补回去；别的书的读者也这样问。",
    },
  },
  document: {
    work: { en: "A post on the mathematics of back-propagation", zh: "一篇讲反向传播数学的帖子" },
    sort: "post",
    level: "wrong-layer",
    where: { en: "BP2 by neurons; this project started from it", zh: "逐神经元写的 BP2；本项目由它而起" },
    says: {
      en:
        "Σₖ δₖ wⱼₖ with the layer’s own weights: both the layer and the order of the indices slipped. On layers " +
        "of one width nothing stops it.",
      zh: "Σₖ δₖ wⱼₖ 用了本层的权重：层号和下标次序都错了。各层一样宽时没有任何报错。",
    },
  },
} as const satisfies Readonly<Record<string, Published>>;

export const libraries = {
  libnd4j: {
    work: "libnd4j",
    sort: "library",
    level: "entry-by-entry",
    where: { en: "the softmax’s derivative; issue 440", zh: "softmax 的导数；issue 440" },
    says: {
      en:
        "Only the diagonal p (1 − p) of the softmax’s Jacobian was implemented; what one output owes to the " +
        "others was missing.",
      zh: "只实现了 softmax 雅可比矩阵的对角线 p (1 − p)，各输出之间的相互影响没有了。",
    },
  },
  neuroph: {
    work: "Neuroph",
    sort: "library",
    level: "one-minus-p",
    where: { en: "SoftMax.getDerivative; issue 37", zh: "SoftMax.getDerivative；issue 37" },
    says: {
      en: "1 − p stands where the Jacobian of the softmax belongs: not even its diagonal.",
      zh: "本该是 softmax 雅可比矩阵的地方写成了 1 − p，连对角线都不是。",
    },
  },
  mlpack: {
    work: "mlpack",
    sort: "library",
    level: "unreduced",
    where: { en: "the layer Add; pull request 3679", zh: "Add 层；pull request 3679" },
    says: {
      en:
        "The bias’s gradient was the error itself, a column for each sample, right for a batch of one alone; it " +
        "is their sum.",
      zh: "偏置的梯度直接取成误差，每个样本一列，只在批量为 1 时正确；应当对样本求和。",
    },
  },
  dl4j: {
    work: "Deeplearning4j",
    sort: "library",
    level: "averaged-again",
    where: { en: "BaseLayer.update; pull requests 364 and 366", zh: "BaseLayer.update；pull request 364 与 366" },
    says: {
      en: "The biases’ gradients were averaged in one place and divided by the batch size in another.",
      zh: "偏置的梯度在一处取了平均，在另一处又除以批量大小。",
    },
  },
  gophernet: {
    work: "gophernet",
    sort: "library",
    level: "slope-of-output",
    where: { en: "training loop; issue 6", zh: "训练循环；issue 6" },
    says: {
      en: "σ′ is applied to the output of the layer where its input belongs: σ is taken twice.",
      zh: "σ′ 作用在层的输出上，而应作用在输入上：σ 被用了两次。",
    },
  },
  neural2d: {
    work: "neural2d",
    sort: "library",
    level: "slope-of-tanh",
    where: { en: "transfer functions; issue 40", zh: "传递函数；issue 40" },
    says: {
      en: "1 − tanh² is right as a function, and is then given the neuron’s output, which is tanh already.",
      zh: "函数 1 − tanh² 本身没错，但传入的是神经元的输出，那已经是 tanh 了。",
    },
  },
  javascript: {
    work: "nn (npm)",
    sort: "library",
    level: "sigmoid-habit",
    where: { en: "NN.prototype.backPropagate; issue 8", zh: "NN.prototype.backPropagate；issue 8" },
    says: {
      en: "Whatever activation was chosen, the backward pass had the sigmoid’s slope.",
      zh: "不管选了哪种激活函数，反向传播用的都是 sigmoid 的导数。",
    },
  },
  simpleNet: {
    work: "backprop: PySimpleNN",
    sort: "library",
    level: "input-for-output",
    where: { en: "loss_weights; issue 1", zh: "loss_weights；issue 1" },
    says: {
      en:
        "The gradient of the weights is built from H, what goes into the activation below, where A, what comes " +
        "out of it, belongs.",
      zh: "权重的梯度用了 H，即下层激活函数的输入，而应当用它的输出 A。",
    },
  },
} as const satisfies Readonly<Record<string, Published>>;
