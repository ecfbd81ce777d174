/** Sentences about files, printouts and programs, in Chinese. */

import type { sources as en } from "../en/sources.ts";

export const sources: typeof en = {
  rowNumbers: "第一列是行号,已略去",
  columnNames: "第一行是列名,已略去",
  commonFactor: ({ name, factor }) => `${name}:已乘上公因子 ${factor}`,
  noArrayLine: ({ shown }) => `有一行不是数组，未读：${shown}`,
  noArrayLines: ({ count, shown }) => `有 ${count} 行不是数组，未读，例如：${shown}`,
  passBeforeFirst: ({ pass }) => `取第 ${pass} 遍的数组：参数与数据取第一个梯度之前的值`,
  leftOut: ({ names, why }) => `${names}：未读，${why}`,
  perhapsDelta: "可能是 δ，也可能是 ∂C/∂v",
  leftOutBeside: ({ names, name }) => `${names}：未读，这一遍用的是 ${name}`,
  ofOneSample: "只属于一个样本，而输入是全部样本",
  line: ({ line }) => `第 ${line ?? "?"} 行`,
  lineOfCell: ({ cell, line }) => `第 ${cell} 格第 ${line ?? "?"} 行`,
  passBetween: ({ pass, from, to }) => `取第 ${pass} 遍的数组：参数与数据取${from}之前的值，梯度取${to}之后的值`,
  stopped: ({ place, message }) => `脚本随后停在${place}：${message}`,
  inFile: ({ name, note }) => `${name}:${note}`,
};
