// Fifty layers: the reader chooses activation, variance of the weights, normalization and shortcut, and the gradient by
// layer follows. What is computed, depth.core.js says; a worker does it, so that the page stays free.
import { button, fitted, frames, html, number, replace, speaker, svg } from "./kit.js";
import { EDGE, STYLE, box, choice, cut, dot, label, line, scale } from "./parts.js";

export const WORDS = {
  zh: {
    picture: "曲线图，纵轴是对数刻度：梯度逐层的大小，从右边的顶层到左边的输入。绿带是千分之一到一千。",
    activation: "激活函数", initialization: "权重方差", normalization: "归一化", shortcut: "残差连接", try: "试试看",
    none: "无", options: { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", default: "1/(3n)", xavier: "1/n", he: "2/n", large: "4/n", batch: "BN", layer: "LN", added: "h + F", scaled: "h + F/√50" },
    tries: ["1/(3n)", "He", "BN", "h + F", "h + F/√50"],
    arrives: "到输入", before: "上一次", input: "输入", top: "顶层", layer: "层", again: "重新抽权重",
    kinds: ["消失了", "留住了", "爆炸了"],
    net: (f, variance, norm, shortcut) => `${f}，方差 ${variance}，${norm ? norm : "不归一化"}，${shortcut ? shortcut : "没有残差连接"}。`,
    said: (mean, kind, spread, factor) => `传到输入的梯度是顶层的 ${mean} 倍，${kind}。五次抽样${spread}，平均每层乘 ${factor}。`,
    between: (low, high) => `在 ${low} 和 ${high} 之间`, agree: "相差无几",
  },
  en: {
    picture: "Curves on a log scale: the size of the gradient by layer, from the top on the right to the input on the left. The green band is a thousandth to a thousand.",
    activation: "Activation", initialization: "Variance", normalization: "Normalize", shortcut: "Shortcut", try: "Try",
    none: "none", options: { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", default: "1/(3n)", xavier: "1/n", he: "2/n", large: "4/n", batch: "batch", layer: "layer", added: "h + F", scaled: "h + F/√50" },
    tries: ["1/(3n)", "He", "BN", "h + F", "h + F/√50"],
    arrives: "at the input", before: "before", input: "input", top: "top", layer: "layer", again: "Other weights",
    kinds: ["vanishes", "lives", "explodes"],
    net: (f, variance, norm, shortcut) => `${f}, variance ${variance}, ${norm ? `${norm} normalization` : "no normalization"}, ${shortcut ? shortcut : "no shortcut"}: `,
    said: (mean, kind, spread, factor) => `The gradient at the input is ${mean} times that at the top: it ${kind}. Five draws ${spread}; a layer multiplies by ${factor} on average.`,
    between: (low, high) => `lie between ${low} and ${high}`, agree: "agree",
  },
};

const CHOICES = {
  activation: ["sigmoid", "tanh", "relu"], initialization: ["default", "xavier", "he", "large"],
  normalization: ["none", "batch", "layer"], shortcut: ["none", "added", "scaled"],
};
const NAMES = Object.keys(CHOICES);
const FIRST = { activation: "relu", initialization: "default", normalization: "none", shortcut: "none" };
const TRIES = [{}, { initialization: "he" }, { normalization: "batch" }, { shortcut: "added" }, { shortcut: "scaled" }]; // as in remedies/depth.py
const LAYERS = 50, DRAWS = 5, MOST = 15; // networks drawn for each setting; powers of ten on the axis, up and down

export async function draw(figure, words) {
  const chart = svg("svg", { role: "img", "aria-label": words.picture }), said = speaker();
  let setting = FIRST, seed = 0, runs = [], before, width, isQuiet = true; // until the reader has done something
  const worker = new Worker(new URL("depth-worker.js", import.meta.url), { type: "module" });
  const ask = () => worker.postMessage({ setting, seed: seed + runs.length });

  const show = () => {
    chart.setAttribute("viewBox", `0 0 ${width} 262`);
    chart.replaceChildren(...byLayer(words, width, runs, before));
  };
  const redraw = frames(() => width && show());
  const take = ({ data }) => {
    if (!same(data.setting, setting) || data.seed !== seed + runs.length) return; // the reader has gone on
    runs.push(data.norms);
    if (runs.length < DRAWS) ask();
    else {
      const result = told(words, runs);
      said.say(result, words.net(...NAMES.map((name) => words.options[setting[name]])) + result, isQuiet);
    }
    redraw();
  };

  const restart = (wanted) => {
    if (runs.length) before = middle(runs);
    isQuiet = false;
    setting = { ...setting, ...wanted };
    runs = [];
    mark();
    ask();
  };
  const groups = Object.fromEntries(NAMES.map((name) => {
    const options = CHOICES[name].map((option) => [option, words.options[option] ?? words.none]);
    return [name, choice(words[name], options, (option) => restart({ [name]: option }))];
  }));
  const tries = TRIES.map((wanted, k) => button(words.tries[k], () => restart({ ...FIRST, ...wanted })));
  const mark = () => {
    for (const name of NAMES) groups[name].value = setting[name];
    tries.forEach((one, k) => one.setAttribute("aria-pressed", same(setting, { ...FIRST, ...TRIES[k] })));
  };
  const again = button(words.again, () => {
    seed += DRAWS;
    restart({});
  });
  again.removeAttribute("aria-pressed");

  const panel = html("div", {},
    html("div", { class: "tries", role: "group", "aria-label": words.try }, ...tries),
    chart, ...NAMES.map((name) => groups[name].element), html("div", { class: "more" }, again), said.element);
  mark();
  ask();
  take(await new Promise((done, fail) => Object.assign(worker, { onmessage: done, onerror: fail }))); // or the figure stays
  Object.assign(worker, { onmessage: take, onerror: null });
  await replace(figure, panel, STYLE);
  fitted(chart, (now) => {
    width = now;
    show();
  });
}

const same = (one, other) => NAMES.every((name) => one[name] === other[name]);

/** The geometric mean of several curves. */
const middle = (runs) => Array.from(runs[0], (_, layer) => Math.exp(runs.reduce((sum, norms) => sum + Math.log(norms[layer]), 0) / runs.length));

function told(words, runs) {
  const [mean] = middle(runs), ends = runs.map((norms) => norms[0]);
  const kind = words.kinds[mean < 1e-3 ? 0 : mean <= 1e3 ? 1 : 2];
  const [low, high] = [Math.min(...ends), Math.max(...ends)].map(number);
  return words.said(number(mean), kind, low === high ? words.agree : words.between(low, high), (mean ** (1 / LAYERS)).toFixed(2));
}

function byLayer(words, width, runs, before) {
  const left = 36, right = width - EDGE, top = 28, bottom = 238, mean = runs.length && middle(runs);
  const x = (layer) => left + ((right - left) * layer) / LAYERS;
  const y = (size) => (top + bottom) / 2 - ((bottom - top) / 2) * (Math.min(Math.max(Math.log10(size), -2 * MOST), 2 * MOST) / MOST);
  const curve = (norms, look) => line(Array.from(norms, (size, layer) => [x(layer), y(size)]), look);
  return [
    box("band", left, y(1e3), right - left, y(1e-3) - y(1e3)), ...scale([15, 10, 5, 0, -5, -10, -15], y, left, right),
    label(left, bottom + 16, `0 ${words.input}`), label(right, bottom + 16, `${words.top} ${LAYERS}`, "faint", "end"), label((left + right) / 2, bottom + 16, words.layer, "faint", "middle"),
    ...cut("depth-frame", 0, top - 2, width, bottom - top + 4, ...(before ? [curve(before, "before dotted")] : []),
      ...runs.map((norms) => curve(norms, "gradient draw")), ...(mean ? [curve(mean, "gradient")] : [])),
    dot(right, y(1), "dot gradient"),
    ...(mean ? [label(0, 12, `← ${words.arrives} × ${number(mean[0])}`, "gradient")] : []),
    ...(before ? [label(width, 12, `┄ ${words.before} × ${number(before[0])}`, "faint", "end")] : []),
  ];
}
