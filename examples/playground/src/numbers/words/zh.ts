/** What the fields for numbers say in Chinese. */

import type { en } from "./en.ts";

export const zh: typeof en = {
  bias: "单独一行",
  sample: (n) => `样本 ${n}`,
  unit: (layer, n) => (layer === 0 ? `输入 ${n}` : `第 ${layer} 层单元 ${n}`),
  given: "已知",
  asked: "你的结果",
  samples: "样本数",
  fewer: "少一个样本",
  more: "多一个样本",
  note: "上面填你的参数和数据，下面填你算出的结果：有几个填几个，有几位写几位。",
  tooLarge: (most) => `超过 ${most} 个单元的层，请直接粘贴打印出来的数，或拖入文件。`,
};
