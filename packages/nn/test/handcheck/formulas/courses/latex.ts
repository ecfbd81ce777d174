/** LaTeX of lecture notes, theses and posts. */

import type { Course } from "./course.ts";

export const latexCourses: readonly Course[] = [
  {
    name: "Nielsen, chapter 2",
    net: "4-5-3:sigmoid",
    text: String.raw`
\begin{eqnarray}
  \delta^L = \nabla_a C \odot \sigma'(z^L) \tag{BP1}\\
  \delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l) \tag{BP2}\\
  \frac{\partial C}{\partial b^l_j} = \delta^l_j \tag{BP3}\\
  \frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j \tag{BP4}
\end{eqnarray}`,
    slips: [
      ["a^{l-1}_k", "a^{l}_k", ["D2 BP4 1", "D2 BP4 2"]],
      [String.raw` \odot \sigma'(z^l)`, "", ["B1 BP2 1"]],
    ],
  },
  {
    name: "UFLDL",
    net: "4-5-3:sigmoid",
    text: String.raw`
\delta^{(n_l)} = - (y - a^{(n_l)}) \bullet f'(z^{(n_l)})
\delta^{(l)} = \left((W^{(l)})^T \delta^{(l+1)}\right) \bullet f'(z^{(l)})
\nabla_{W^{(l)}} J(W,b;x,y) = \delta^{(l+1)} (a^{(l)})^T
\nabla_{b^{(l)}} J(W,b;x,y) = \delta^{(l+1)}`,
    says: ["layers are counted from the input as 1"],
    slips: [["- (y - a^{(n_l)})", "(y - a^{(n_l)})^2", 1]],
  },
  {
    name: "Ng in brackets",
    net: "2-4-1:tanh,sigmoid",
    cost: "crossEntropy",
    text: String.raw`
$$dz^{[2]} = a^{[2]} - y$$
$$dW^{[2]} = dz^{[2]} a^{[1]T}$$
$$db^{[2]} = dz^{[2]}$$
$$dz^{[1]} = W^{[2]T} dz^{[2]} * g^{[1]\prime}(z^{[1]})$$
$$dW^{[1]} = dz^{[1]} x^T$$
$$db^{[1]} = dz^{[1]}$$`,
    slips: [
      ["dz^{[1]} x^T", "dz^{[1]} a^{[1]T}", 1],
      [String.raw` * g^{[1]\prime}(z^{[1]})`, "", ["B1 BP2 1"]],
    ],
  },
  {
    name: "Bishop",
    net: "3-2:sigmoid",
    text: String.raw`\frac{\partial E}{\partial w_{ji}} = (y_j - t_j) y_j (1 - y_j) x_i`,
    slips: [
      ["y_j (1 - y_j) ", "", ["A2 BP1 1"]],
      ["(1 - y_j) x_i", "(1 - y_j) y_j x_i", 1],
    ],
  },
  {
    name: "CS224n, rows",
    net: "3-4-2:sigmoid,softmax",
    text: String.raw`
h = \sigma(x W_1 + b_1)
\hat{y} = \mathrm{softmax}(h W_2 + b_2)
\delta_2 = \hat{y} - y
\delta_1 = (\delta_2 W_2^T) \circ h \circ (1 - h)
\frac{\partial J}{\partial W_2} = h^T \delta_2
\frac{\partial J}{\partial b_2} = \delta_2
\frac{\partial J}{\partial W_1} = x^T \delta_1
\frac{\partial J}{\partial b_1} = \delta_1`,
    slips: [
      ["h \\circ (1 - h)", "(1 - h)", ["B9 BP2 1"]],
      [String.raw`x^T \delta_1`, String.raw`x^T \delta_2`, ["D9 BP4 1"]],
    ],
  },
  {
    name: "align with ampersands",
    net: "3-4-2:tanh,softmax",
    text: String.raw`
\begin{align*}
  \frac{\partial L}{\partial \mathbf{z}_2} &= \hat{\mathbf{y}} - \mathbf{y} \\
  \frac{\partial L}{\partial \mathbf{W}_2} &= \frac{\partial L}{\partial \mathbf{z}_2} \mathbf{a}_1^\top \\
  \frac{\partial L}{\partial \mathbf{b}_2} &= \frac{\partial L}{\partial \mathbf{z}_2} \\
  \frac{\partial L}{\partial \mathbf{z}_1} &= \left( \mathbf{W}_2^\top \frac{\partial L}{\partial \mathbf{z}_2} \right) \odot (1 - \mathbf{a}_1 \odot \mathbf{a}_1) \\
  \frac{\partial L}{\partial \mathbf{W}_1} &= \frac{\partial L}{\partial \mathbf{z}_1} \mathbf{x}^\top
\end{align*}`,
    slips: [
      [
        String.raw`(1 - \mathbf{a}_1 \odot \mathbf{a}_1)`,
        String.raw`\mathbf{a}_1 \odot (1 - \mathbf{a}_1)`,
        ["B11 BP2 1"],
      ],
    ],
  },
  {
    name: "other index letters",
    net: "3-4-2:sigmoid",
    text: String.raw`
\delta_p^{2} = (a_p^{2} - y_p) a_p^{2} (1 - a_p^{2})
\delta_q^{1} = a_q^{1} (1 - a_q^{1}) \sum_p w_{pq}^{2} \delta_p^{2}
\frac{\partial E}{\partial w_{pq}^{2}} = \delta_p^{2} a_q^{1}
\frac{\partial E}{\partial w_{qr}^{1}} = \delta_q^{1} x_r`,
    slips: [["(1 - a_q^{1}) ", "", 1]],
  },
  {
    name: "general layers in parentheses",
    net: "4-5-3-2:tanh,sigmoid,sigmoid",
    text: String.raw`
Output: $\delta^{(L)} = (a^{(L)} - y) \odot g'(z^{(L)})$. Hidden layers:
$$\delta^{(l)} = (W^{(l+1)})^{\mathsf T} \delta^{(l+1)} \odot g'(z^{(l)})$$
and $\frac{\partial J}{\partial W^{(l)}} = \delta^{(l)} (a^{(l-1)})^{\mathsf T}$, $\frac{\partial J}{\partial b^{(l)}} = \delta^{(l)}$.`,
    slips: [["W^{(l+1)}", "W^{(l)}", ["B3 BP2 1", "B3 BP2 2"]]],
  },
];
