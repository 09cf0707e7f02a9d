// The gradient's way back, live: what an RNN and an LSTM have left of it k steps back, by the forget bias, the scale of
// the recurrent weights and k. Here are the words and the controls; story.core.js computes, story.plot.js draws.
import { button, fitted, frames, glide, html, number, pause, replace, slider, speaker } from "./kit.js";
import { SEEDS, T, lstm, median, rnn } from "./story.core.js";
import { LINES, Plot } from "./story.plot.js";

const STYLE = new URL("story.css", import.meta.url);

export const WORDS = {
  zh: {
    picture: "曲线图。横轴：往回走的步数，0 到 100。纵轴，对数刻度：梯度还剩多少。三条线：RNN，LSTM，LSTM 只走细胞。",
    left: "梯度还剩", back: "往回走的步数 k", exploded: "↑ 爆炸", arrives: "够用", vanished: "↓ 消失",
    memory: (k) => (k ? `细胞的记忆：${k} 步剩一半` : "细胞的记忆：剩下一半以上"),
    bias: "遗忘门偏置 ", scale: "循环权重 ", lag: "往回走 ",
    opened: (bias, f) => `${bias}，门开 ${f} %`, scaled: (scale) => `× ${scale}`, steps: (k) => `${k} 步`,
    after: (k) => `${k} 步之后还剩`, rnn: "RNN", full: "LSTM，所有的路", cell: "只走细胞，∏ f",
    short: { rnn: "RNN", full: "LSTM", cell: "∏ f" }, try: "试试看",
    tries: { start: "默认", open: "打开遗忘门", halve: "权重减半", carousel: "传送带", tune: "调好 RNN", explode: "爆炸" },
    said: (k, left) => `往回走 ${k} 步，RNN 的梯度还剩 ${left.rnn}，LSTM 还剩 ${left.full}，其中只走细胞的是 ${left.cell}。`,
    verdicts: {
      lost: "哪边都传不到：这么长的时滞，谁也学不会。",
      faint: "到得了的只有一丝，学起来会很慢。",
      rival: "RNN 传得到，LSTM 的门半关着，反而传不到。",
      detour: "LSTM 的梯度传到了，却是绕道 h，没走细胞。",
      both: "LSTM 的梯度传到了：有的走细胞，有的绕道 h。",
      carousel: "梯度由细胞自己带到：这就是恒定误差传送带。",
      more: "细胞自己带得到，绕道 h 又添上许多。",
      all: "走哪条路都传得到，RNN 也不例外。",
      grown: "门都不到 1，梯度却变大了：是绕道 h 放大的。",
      grownRnn: "RNN 的梯度爆炸了：权重太大。",
    },
  },
  en: {
    picture: "Curves. Across: steps back in time, 0 to 100. Upwards, on a log scale: the gradient left. Three lines: RNN, LSTM, its cell alone.",
    left: "gradient left", back: "steps back in time, k", exploded: "↑ exploded", arrives: "enough to learn from", vanished: "↓ vanished",
    memory: (k) => (k ? `cell's memory: half after ${k} step${k > 1 ? "s" : ""}` : "cell's memory: over half is left"),
    bias: "Forget bias ", scale: "Recurrent weights ", lag: "Steps back ",
    opened: (bias, f) => `${bias}, ${f} % open`, scaled: (scale) => `× ${scale}`, steps: (k) => `${k}`,
    after: (k) => `Left after ${k} steps`, rnn: "RNN", full: "LSTM, all paths", cell: "the cell alone, ∏ f",
    short: { rnn: "RNN", full: "LSTM", cell: "∏ f" }, try: "Try",
    tries: {
      start: "Default", open: "Open gate", halve: "Half the weights", carousel: "Carousel", tune: "Tuned RNN", explode: "Exploding",
    },
    said: (k, left) => `After ${k} steps back the RNN has ${left.rnn} of the gradient left, the LSTM ${left.full}, its cell alone ${left.cell}. `,
    verdicts: {
      lost: "Nothing arrives in either: over such a lag neither can learn.",
      faint: "Little arrives: learning would be slow.",
      rival: "The RNN carries it; the LSTM, its gates half shut, does not.",
      detour: "The LSTM's gradient arrives, but on detours through h, not along the cell.",
      both: "It arrives, in part along the cell, in part on detours through h.",
      carousel: "The cell itself carries it: this is the constant error carousel.",
      more: "The cell itself carries it, and the detours through h add to it.",
      all: "It arrives by every path, and in the RNN, too.",
      grown: "It has grown, though no gate exceeds 1: the detours through h did it.",
      grownRnn: "The RNN's has exploded: its weights are too large.",
    },
  },
};

const TRIES = { // forget bias, scale
  start: [0, 1], open: [2, 1], halve: [2, 0.5], carousel: [6, 0.2], tune: [0, 2.4], explode: [3, 2.8],
};
const ENOUGH = 0.01; // of a gradient, to learn from

/** What there is to say, by what is left in the RNN, in the LSTM by all paths, and along its cell. */
export function verdict(rnn, full, cell) {
  if (full > 30) return "grown";
  if (rnn > 30) return "grownRnn";
  const byCell = cell > full / 10; // more or less
  if (cell > 0.1) return rnn > ENOUGH ? "all" : byCell ? "carousel" : "more";
  if (full > ENOUGH) return byCell ? "both" : "detour";
  if (rnn > ENOUGH) return "rival";
  return Math.max(rnn, full) > 1e-6 ? "faint" : "lost";
}

export async function draw(figure, words) {
  const state = { bias: 2, scale: 1, lag: T }, curves = {}, middle = {};
  const chart = new Plot(words, (lag) => move({ lag })), ends = readout(words), said = speaker();
  let computed = {}, stop = () => {};

  function compute({ bias, scale }) {
    if (computed.scale !== scale) curves.rnn = each((seed) => rnn(scale, seed));
    if (computed.scale !== scale || computed.bias !== bias) {
      const both = each((seed) => lstm(bias, scale, seed));
      [curves.full, curves.cell] = [0, 1].map((which) => both.map((of) => of[which]));
    }
    computed = { bias, scale };
  }
  function show(isFirst) {
    const { bias, scale, lag } = state, left = {};
    compute(state);
    for (const name of LINES) {
      middle[name] = median(curves[name]);
      left[name] = number(middle[name][lag]);
    }
    chart.show(curves, middle, lag);
    ends.show(lag, left);
    const sentence = words.verdicts[verdict(...LINES.map((name) => middle[name][lag]))];
    said.say(sentence, words.said(lag, left) + sentence, isFirst);
    for (const [name, tried] of Object.entries(tries)) {
      tried.setAttribute("aria-pressed", TRIES[name][0] === bias && TRIES[name][1] === scale && lag === T);
    }
  }
  const redraw = frames(() => show(false));

  const open = (bias) => words.opened(bias.toFixed(1), percent(1 / (1 + Math.exp(-bias))));
  const moved = (name) => () => {
    stop();
    state[name] = sliders[name].value;
    redraw();
  };
  const sliders = {
    bias: slider({ label: [words.bias, symbol("b", "f")], min: -2, max: 8, step: 0.1, value: state.bias, shown: open }, moved("bias")),
    scale: slider({ label: [words.scale, symbol("U")], min: 0, max: 2.8, step: 0.1, value: state.scale, shown: (scale) => words.scaled(scale.toFixed(1)) }, moved("scale")),
    lag: slider({ label: [words.lag, symbol("k")], min: 1, max: T, step: 1, value: state.lag, shown: words.steps }, moved("lag")),
  };
  function move(wanted) {
    Object.assign(state, wanted);
    for (const [name, value] of Object.entries(wanted)) sliders[name].value = value;
    redraw();
  }
  const tries = {};
  for (const [name, wanted] of Object.entries(TRIES)) {
    tries[name] = button(words.tries[name], () => {
      stop();
      const from = [state.bias, state.scale, state.lag];
      stop = glide(from, [...wanted, T], ([bias, scale, lag]) => move({ bias, scale, lag: Math.round(lag) }));
    });
  }

  const panel = html("div", { class: "story" },
    html("div", { class: "tries", role: "group", "aria-label": words.try }, ...Object.values(tries)),
    said.element, chart.element, ends.element,
    html("div", { class: "slides" }, ...Object.values(sliders).map(({ element }) => element)));
  for (let seed = 0; seed < SEEDS; seed++) {
    lstm(state.bias, state.scale, seed); // the first time takes longest: in parts, while nobody waits
    await pause();
  }
  await replace(figure, panel, STYLE);
  let isFirst = true;
  fitted(chart.element, (width) => {
    chart.lay(width);
    show(isFirst);
    isFirst = false;
  });
}

const each = (run) => Array.from({ length: SEEDS }, (_, seed) => run(seed));
const percent = (share) => (100 * share).toFixed(share > 0.99 ? 2 : 0);
const symbol = (letter, below = "") => html("i", {}, letter, html("sub", {}, below));

/** What is left at the chosen step, as numbers; at the same time the key to the lines. */
function readout(words) {
  const title = html("p"), values = Object.fromEntries(LINES.map((name) => [name, html("dd")]));
  const rows = LINES.map((name) => html("div", {}, html("dt", { class: name }, words[name]), values[name]));
  return {
    element: html("div", { class: "ends" }, title, html("dl", {}, ...rows)),
    show(lag, left) {
      title.textContent = words.after(lag);
      for (const name of LINES) values[name].textContent = left[name];
    },
  };
}
