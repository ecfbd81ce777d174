/** What is said of a function, in each language of the page. */

export const codeWords = {
  en: {
    strange: {
      title: "This code came with a link",
      says: "Nothing of it has run. Read it first; run, it can reach neither this page, nor what your browser keeps, nor the network.",
    },
    run: "Run it",
    end: "End it",
    fails: "It does not run",
    stopped: "Ended",
    ended: "You ended it.",
    overtime: (seconds: number) => `A call took more than ${seconds} s. Look for a loop without an end.`,
  },
  zh: {
    strange: {
      title: "这段代码来自链接",
      says: "尚未运行任何内容。请先读一遍；即使运行，它也碰不到本页、浏览器的存储和网络。",
    },
    run: "运行",
    end: "停止",
    fails: "运行出错",
    stopped: "已停止",
    ended: "你停止了它。",
    overtime: (seconds: number) => `一次调用超过了 ${seconds} 秒。请检查是否有死循环。`,
  },
};
