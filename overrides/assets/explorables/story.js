// The gradient's way back, live: what an RNN and an LSTM have left of it k steps back, by the forget bias, the scale of
// the recurrent weights and k. What is computed, story.core.js says; here it is drawn, and here are the controls.
import { button, fitted, frames, glide, html, number, pause, power, replace, slider, speaker, svg } from "./kit.js";
import { SEEDS, T, lstm, median, rnn } from "./story.core.js";

const STYLE = new URL("story.css", import.meta.url);
const LINES = ["rnn", "full", "cell"]; // each has its colour in kit.css

export const WORDS = {
  zh: {
    picture: "曲线图。横轴：往回走的步数，0 到 100。纵轴，对数刻度：梯度还剩多少。三条线：RNN，LSTM，LSTM 只走细胞。",
    left: "梯度还剩", back: "往回走的步数 k", exploded: "↑ 爆炸", arrives: "够用", vanished: "↓ 消失", memory: (k) => (k ? `细胞的记忆：${k} 步剩一半` : `细胞的记忆：${T} 步之后还剩一半以上`),
    bias: "遗忘门偏置 ", scale: "循环权重 ", lag: "往回走 ",
    opened: (bias, f) => `${bias}，门开 ${f} %`, scaled: (scale) => `× ${scale}`, steps: (k) => `${k} 步`,
    after: (k) => `${k} 步之后还剩`, rnn: "RNN", full: "LSTM，所有的路", cell: "只走细胞，∏ f",
    short: { rnn: "RNN", full: "LSTM", cell: "∏ f" },
    try: "试试看",
    tries: { start: "默认", open: "打开遗忘门", halve: "权重减半", carousel: "传送带", tune: "调好 RNN", explode: "爆炸" },
    said: (k, left) => `往回走 ${k} 步，RNN 的梯度还剩 ${left.rnn}，LSTM 还剩 ${left.full}，其中只走细胞的是 ${left.cell}。`,
    verdicts: {
      lost: "哪边都传不到：这么长的时滞，谁也学不会。",
      faint: "到得了的只有一丝，学起来会很慢。",
      detour: "LSTM 的梯度传到了，却是绕道 h，没走细胞。",
      carousel: "梯度由细胞自己带到：这就是恒定误差传送带。",
      rival: "调好的 RNN 传得到，门半关的 LSTM 反而传不到。",
      all: "这么几步，走哪条路都传得到。",
      grown: "没有一个门大于 1，梯度却变大了：是经 h 的绕路放大的。",
      grownRnn: "RNN 的梯度爆炸了：权重太大。",
    },
  },
  en: {
    picture: "Curves. Across: steps back in time, 0 to 100. Upwards, on a log scale: how much of the gradient is left. Three lines: RNN, LSTM, the LSTM's cell alone.",
    left: "gradient left", back: "steps back in time, k", exploded: "↑ exploded", arrives: "enough to learn from", vanished: "↓ vanished", memory: (k) => (k ? `cell's memory: half after ${k} step${k > 1 ? "s" : ""}` : `cell's memory: more than half after ${T} steps`),
    bias: "Forget bias ", scale: "Recurrent weights ", lag: "Steps back ",
    opened: (bias, f) => `${bias}, ${f} % open`, scaled: (scale) => `× ${scale}`, steps: (k) => `${k}`,
    after: (k) => `Left after ${k} steps`, rnn: "RNN", full: "LSTM, all paths", cell: "the cell alone, ∏ f",
    short: { rnn: "RNN", full: "LSTM", cell: "∏ f" },
    try: "Try",
    tries: { start: "Default", open: "Open gate", halve: "Half the weights", carousel: "Carousel", tune: "Tuned RNN", explode: "Exploding" },
    said: (k, left) => `After ${k} steps back the RNN has ${left.rnn} of the gradient left, the LSTM ${left.full}, its cell alone ${left.cell}. `,
    verdicts: {
      lost: "Nothing arrives in either: over such a lag neither can learn.",
      faint: "Little arrives: learning would be slow.",
      detour: "The LSTM's gradient arrives, but on detours through h, not along the cell.",
      carousel: "The cell itself carries it: this is the constant error carousel.",
      rival: "A tuned RNN carries it; an LSTM with its gates half shut does not.",
      all: "Over so few steps it arrives by every path.",
      grown: "It has grown, though no gate exceeds 1: the detours through h did it.",
      grownRnn: "The RNN's has exploded: its weights are too large.",
    },
  },
};

const TRIES = { start: [0, 1], open: [2, 1], halve: [2, 0.5], carousel: [6, 0.2], tune: [0, 2.4], explode: [3, 2.8] }; // bias, scale
const LOWEST = -26, HIGHEST = 5; // powers of ten
const LEFT = 42, RIGHT = 44, TOP = 18, STRIP = 18, BELOW = 38; // pixels around the curves

/** What there is to say, by what is left in the RNN, in the LSTM by all paths, and along its cell. */
export function verdict(rnn, full, cell) {
  if (full > 30) return "grown";
  if (rnn > 30) return "grownRnn";
  if (cell > 0.1) return rnn > 0.01 ? "all" : "carousel";
  if (full > 0.01) return "detour";
  if (rnn > 0.01) return "rival";
  return Math.max(rnn, full) > 1e-6 ? "faint" : "lost";
}

export async function draw(figure, words) {
  const state = { bias: 2, scale: 1, lag: T }, curves = {}, middle = {};
  const chart = plot(words, (lag) => move({ lag })), ends = readout(words), said = speaker();
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

  const controls = {
    bias: { label: [words.bias, symbol("b", "f")], min: -2, max: 8, step: 0.1, shown: (bias) => words.opened(bias.toFixed(1), percent(1 / (1 + Math.exp(-bias)))) },
    scale: { label: [words.scale, symbol("U")], min: 0, max: 2.8, step: 0.1, shown: (scale) => words.scaled(scale.toFixed(1)) },
    lag: { label: [words.lag, symbol("k")], min: 1, max: T, step: 1, shown: words.steps },
  };
  const sliders = Object.fromEntries(Object.entries(controls).map(([name, control]) => [name, slider({ ...control, value: state[name] }, () => {
    stop();
    state[name] = sliders[name].value;
    redraw();
  })]));
  function move(wanted) {
    Object.assign(state, wanted);
    for (const [name, value] of Object.entries(wanted)) sliders[name].value = value;
    redraw();
  }
  const tries = Object.fromEntries(Object.entries(TRIES).map(([name, wanted]) => [name, button(words.tries[name], () => {
    stop();
    stop = glide([state.bias, state.scale, state.lag], [...wanted, T], ([bias, scale, lag]) => move({ bias, scale, lag: Math.round(lag) }));
  })]));

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

/** The curves in their axes, and below them the cell's memory as a band that fades. `pointed(k)`: where a reader points. */
function plot(words, pointed) {
  const element = svg("svg", { role: "img", "aria-label": words.picture });
  const axes = svg("g"), zones = svg("g"), lines = svg("g"), marks = svg("g"), cursor = svg("line", { class: "cursor" }), grip = svg("circle", { class: "grip", r: 7 });
  const stops = Array.from({ length: T + 1 }, (_, k) => svg("stop", { offset: k / T }));
  const fade = svg("linearGradient", { id: "story-fade" }, ...stops), clip = svg("rect");
  const band = svg("rect", { fill: "url(#story-fade)" }), remembered = svg("text", { class: "halo" }), half = svg("line", { class: "cursor" });
  const drawn = {};
  for (const name of LINES) {
    const thin = each(() => svg("path", { class: `seed ${name}` }));
    drawn[name] = { thin, thick: svg("path", { class: `line ${name}` }), dot: svg("circle", { class: name, r: 4.5 }), label: svg("text", { class: `halo ${name}` }, words.short[name]) };
    lines.append(...thin);
  }
  for (const { thick, dot, label } of Object.values(drawn)) {
    lines.append(thick);
    marks.append(dot, label);
  }
  lines.setAttribute("clip-path", "url(#story-clip)");
  element.append(svg("defs", {}, fade, svg("clipPath", { id: "story-clip" }, clip)), axes, band, half, remembered, cursor, lines, zones, marks, grip);

  let right, bottom;
  const x = (k) => LEFT + (k / T) * (right - LEFT);
  const y = (value) => TOP + ((HIGHEST - Math.log10(Math.max(value, 1e-99))) / (HIGHEST - LOWEST)) * (bottom - TOP);
  const path = (curve) => `M${curve.map((value, k) => `${x(k).toFixed(1)},${y(value).toFixed(1)}`).join("L")}`;

  const point = ({ clientX }) => {
    const k = Math.round(((clientX - element.getBoundingClientRect().left - LEFT) / (right - LEFT)) * T);
    pointed(Math.min(Math.max(k, 1), T));
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    point(event);
  });
  element.addEventListener("pointermove", (event) => event.buttons && point(event));

  return {
    element,
    lay(width) {
      const height = width < 480 ? 240 : 280;
      [right, bottom] = [width - RIGHT, height];
      element.setAttribute("viewBox", `0 0 ${width} ${height + STRIP + BELOW}`);
      const parts = [svg("rect", { class: "arrives", x: LEFT, y: y(1e2), width: right - LEFT, height: y(1e-2) - y(1e2) })];
      for (let exponent = 0; exponent >= LOWEST; exponent -= 5) {
        const at = y(10 ** exponent);
        parts.push(svg("line", { class: exponent ? "grid" : "grid one", x1: LEFT, x2: right, y1: at, y2: at }));
        parts.push(svg("text", { class: "faint", x: LEFT - 5, y: at + 4, "text-anchor": "end" }, exponent ? power(exponent) : "1"));
      }
      for (let k = 0; k <= T; k += 20) parts.push(svg("text", { class: "faint", x: x(k), y: bottom + STRIP + 16, "text-anchor": "middle" }, `${k}`));
      parts.push(svg("text", { class: "faint", x: (LEFT + right) / 2, y: bottom + STRIP + 33, "text-anchor": "middle" }, words.back));
      parts.push(svg("text", { class: "faint", x: 0, y: 11 }, words.left));
      const named = [[words.exploded, y(1e2) - 6], [words.arrives, y(1) - 5], [words.vanished, bottom - 7]];
      zones.replaceChildren(...named.map(([text, y]) => svg("text", { class: "faint halo", x: LEFT + 6, y }, text)));
      axes.replaceChildren(...parts);
      for (const box of [clip, band]) for (const [name, value] of Object.entries({ x: LEFT, width: right - LEFT, y: TOP, height: bottom - TOP })) box.setAttribute(name, value);
      band.setAttribute("y", bottom + 2);
      band.setAttribute("height", STRIP - 2);
    },
    show(curves, middle, lag) {
      for (const name of LINES) {
        const { thin, thick, dot } = drawn[name];
        thin.forEach((line, seed) => line.setAttribute("d", path(curves[name][seed])));
        thick.setAttribute("d", path(middle[name]));
        dot.setAttribute("cx", x(lag));
        dot.setAttribute("cy", Math.min(y(middle[name][lag]), bottom + 99));
        dot.style.display = y(middle[name][lag]) > bottom ? "none" : "";
      }
      for (const [name, value] of Object.entries({ x1: x(lag), x2: x(lag), y1: TOP, y2: bottom + STRIP })) cursor.setAttribute(name, value);
      grip.setAttribute("cx", x(lag));
      grip.setAttribute("cy", TOP);
      labels(middle);
      middle.cell.forEach((share, k) => stops[k].setAttribute("stop-opacity", (0.6 * share).toFixed(3)));
      const until = middle.cell.findIndex((share) => share < 0.5), at = x(until < 0 ? T : until);
      for (const [name, value] of Object.entries({ x1: at, x2: at, y1: bottom + 2, y2: bottom + STRIP })) half.setAttribute(name, value);
      const isLate = until < 0 || until > T / 2;
      remembered.setAttribute("x", at + (isLate ? -6 : 6));
      remembered.setAttribute("y", bottom + STRIP - 5);
      remembered.setAttribute("text-anchor", isLate ? "end" : "start");
      remembered.textContent = words.memory(Math.max(until, 0));
    },
  };

  /** Each line's name at its end, or where it leaves the picture; moved apart where they would meet. */
  function labels(middle) {
    const ends = LINES.map((name) => {
      const out = middle[name].findIndex((value) => y(value) > bottom);
      return { name, at: out < 0 ? right + 6 : x(out) + 4, y: Math.min(y(middle[name][out < 0 ? T : out]), bottom) };
    }).sort((one, other) => one.y - other.y);
    let last = TOP - 9;
    for (const end of ends) end.y = last = Math.max(end.y, last + 15);
    let next = bottom + 11;
    for (const end of ends.reverse()) end.y = next = Math.min(end.y, next - 15);
    for (const { name, at, y } of ends) {
      drawn[name].label.setAttribute("x", at);
      drawn[name].label.setAttribute("y", y + 4);
    }
  }
}

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
