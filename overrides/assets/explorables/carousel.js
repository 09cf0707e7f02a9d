// The carousel by hand: self-weight, lag and kind of unit; how the value goes forward, and the gradient back. What is
// computed, carousel.core.js says.
import { button, fitted, frames, glide, html, number, replace, slider, speaker, svg } from "./kit.js";
import { EDGE, STYLE, box, choice, cut, dot, label, line, rule, scale } from "./parts.js";
import { arrives, carry, tolerance } from "./carousel.core.js";

export const WORDS = {
  zh: {
    picture: "曲线图，纵轴是对数刻度。值从左往右走，梯度从右往左走，每一步各剩多少。下面一条：不同的 w 下，传到的梯度。",
    weight: "自连接权重 w ", lag: "时滞 ", steps: (k) => `${k} 步`, unit: "单元", linear: "线性", tanh: "tanh", try: "试试看",
    value: "值", gradient: "梯度", time: "时间步", byWeight: (lag) => `走 ${lag}，传到的梯度随 w 的变化`, vanishing: "消失", exploding: "爆炸",
    kinds: ["消失了", "变小了", "留住了", "变大了", "爆炸了"], settled: "停在那里不动",
    both: (left, kind) => `值和梯度都变成原来的 ${left} 倍，${kind}。`,
    apart: (value, one, gradient, other) => `值变成原来的 ${value} 倍，${one}；梯度变成 ${gradient} 倍，${other}。`,
    set: (w, unit, lag) => `${unit}单元，w = ${w}，走 ${lag}：`,
    keeps: (low, high) => `想把增减控制在 e 倍以内（绿带），w 得在 ${low} 和 ${high} 之间。`,
    curved: "tanh 的斜率也是因子，哪个 w 都不能让每一步恰好乘 1。",
  },
  en: {
    picture: "Curves on a log scale. The value goes from left to right, the gradient from right to left: how much of each is left at each step. Below: the gradient that arrives, by w.",
    weight: "Self-weight w ", lag: "Lag ", steps: (k) => (k === 1 ? "1 step" : `${k} steps`), unit: "Unit", linear: "linear", tanh: "tanh", try: "Try",
    value: "value", gradient: "gradient", time: "time step", byWeight: (lag) => `gradient that arrives after ${lag}, by w`, vanishing: "vanishes", exploding: "explodes",
    kinds: ["vanishes", "fades", "stays", "grows", "explodes"], settled: "is held there",
    both: (left, kind) => `Value and gradient are multiplied by ${left}: what is carried ${kind}. `,
    apart: (value, one, gradient, other) => `The value is multiplied by ${value}: it ${one}. The gradient is multiplied by ${gradient}: it ${other}. `,
    set: (w, unit, lag) => `${unit} unit, w = ${w}, ${lag}: `,
    keeps: (low, high) => `To stay within a factor of e (green), w must lie between ${low} and ${high}.`,
    curved: "The slope of tanh is a factor, too, and no w makes every step exactly 1.",
  },
};

export const TRIES = [[0.99, true], [1, true], [1.01, true], [1.01, false]]; // w, is it linear? As in cec/carousel.py
export const LAGS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const LOW = 0.9, HIGH = 1.1, MOST = 6; // weights; powers of ten on the axes, up and down

export function draw(figure, words) {
  const state = { w: 0.99, lag: 1000, isLinear: true };
  const chart = svg("svg", { role: "img", "aria-label": words.picture }), said = speaker();
  let width, stop = () => {}, isQuiet = true; // until the reader has done something

  const show = () => {
    const found = carry(state.w, state.lag, state.isLinear);
    chart.setAttribute("viewBox", `0 0 ${width} 322`);
    chart.replaceChildren(...overTime(words, width, state, found), ...byWeight(words, width, state));
    const result = told(words, state, found), unit = words[state.isLinear ? "linear" : "tanh"];
    said.say(result, words.set(state.w, unit, words.steps(state.lag)) + result, isQuiet);
    tries.forEach((one, k) => one.setAttribute("aria-pressed", TRIES[k][0] === state.w && TRIES[k][1] === state.isLinear));
  };
  const redraw = frames(show);
  const moved = (wanted) => {
    stop();
    isQuiet = false;
    Object.assign(state, wanted);
    redraw();
  };
  const weight = slider({ label: words.weight, min: LOW, max: HIGH, step: 0.005, value: state.w, shown: (w) => `${+w.toFixed(3)}` }, () => moved({ w: weight.value }));
  const lag = slider({ label: words.lag, min: 0, max: LAGS.length - 1, step: 1, value: 9, shown: (k) => words.steps(LAGS[k]) }, () => moved({ lag: LAGS[lag.value] }));
  const unit = choice(words.unit, [[true, words.linear], [false, words.tanh]], (isLinear) => moved({ isLinear }));
  unit.value = true;
  const tries = TRIES.map(([w, isLinear]) => button(isLinear ? `w = ${w}` : `tanh ${w}`, () => {
    moved({ isLinear });
    unit.value = isLinear;
    stop = glide([state.w], [w], ([now]) => {
      weight.value = state.w = now;
      redraw();
    });
  }));

  const panel = html("div", {},
    html("div", { class: "tries", role: "group", "aria-label": words.try }, ...tries),
    chart, weight.element, html("div", { class: "slides" }, lag.element, unit.element), said.element);
  return replace(figure, panel, STYLE).then(() => fitted(chart, (now) => {
    width = now;
    show();
  }));
}

/** Which of the five kinds a factor is: up to 1/1000, to 1/e, to e, to 1000, and more. */
const kindOf = (left) => [1e-3, 1 / Math.E, Math.E, 1e3].filter((limit) => left > limit).length;

function told(words, { lag, isLinear }, { value, gradient }) {
  const [kept, arrived] = [value[lag], gradient[0]];
  if (isLinear) {
    const bounds = tolerance(lag).map((bound) => bound.toFixed(lag < 50 ? 2 : lag < 500 ? 3 : 4));
    return words.both(number(kept), words.kinds[kindOf(kept)]) + words.keeps(...bounds);
  }
  const isHeld = lag > 50 && Math.abs(value[lag - 50] / kept - 1) < 0.01;
  const one = isHeld ? words.settled : words.kinds[kindOf(kept)];
  return words.apart(number(kept), one, number(arrived), words.kinds[kindOf(arrived)]) + words.curved;
}

/** Where a size stands on a log axis between `top` and `bottom`; far outside, it is as good as just outside. */
const log = (top, bottom, beyond) => (size) => {
  const exponent = Math.min(Math.max(Math.log10(size), -beyond), beyond);
  return (top + bottom) / 2 - ((bottom - top) / 2) * (exponent / MOST);
};

function overTime(words, width, { lag }, { value, gradient }) {
  const left = 36, right = width - EDGE, top = 28, bottom = 204, y = log(top, bottom, MOST + 2);
  const x = (t) => left + ((right - left) * t) / lag;
  const every = Math.ceil(lag / 100), seen = (_, t) => t % every === 0 || t === lag;
  const curve = (sizes, look) => line(Array.from(sizes, (size, t) => [x(t), y(size)]).filter(seen), look);
  const ring = (at, size, look) => (Math.abs(Math.log10(size)) > MOST ? [] : [dot(at, y(size), `ring ${look}`, 4)]);
  return [
    label(0, 12, `← ${words.gradient} × ${number(gradient[0])}`, "gradient"),
    label(width, 12, `${words.value} × ${number(value[lag])} →`, "value", "end"),
    box("band", left, y(Math.E), right - left, y(1 / Math.E) - y(Math.E)), ...scale([6, 3, 0, -3, -6], y, left, right),
    label(left, bottom + 16, "0"), label(right, bottom + 16, `${lag}`, "faint", "end"), label((left + right) / 2, bottom + 16, words.time, "faint", "middle"),
    ...cut("carousel-frame", 0, top - 2, width, bottom - top + 4, curve(value, "value"), curve(gradient, "gradient dashed")),
    dot(left, y(1), "dot value"), dot(right, y(1), "dot gradient"), ...ring(right, value[lag], "value"), ...ring(left, gradient[0], "gradient"),
  ];
}

const arriving = {}; // by lag and unit, for each weight: it stays the same while the weight's slider moves
const each = (lag, isLinear) => (arriving[`${lag} ${isLinear}`] ??= Array.from({ length: 101 }, (_, k) => {
  const w = LOW + k / 500;
  return [w, arrives(w, lag, isLinear)];
}));

/** The gradient that arrives, by weight: above the slider of the weight. */
function byWeight(words, width, { w, lag, isLinear }) {
  const top = 264, bottom = 316, y = log(top, bottom, MOST);
  const x = (one) => EDGE + ((width - 2 * EDGE) * (one - LOW)) / (HIGH - LOW);
  const curve = (of, look) => line(each(lag, of).map(([one, size]) => [x(one), y(size)]), look);
  const [low, high] = tolerance(lag).map((one) => x(Math.min(Math.max(one, LOW), HIGH))), size = arrives(w, lag, isLinear);
  // where there is room for words: a tenth of the way in from each end, the line is out of the picture
  const [left, right] = [10, 90].map((k) => each(lag, isLinear)[k][1]), other = each(lag, !isLinear)[90][1];
  return [
    label(EDGE, top - 12, words.byWeight(words.steps(lag))),
    ...(isLinear ? [box("band", low, top, Math.max(high - low, 1.5), bottom - top)] : []),
    rule([[EDGE, y(1)], [width - EDGE, y(1)]], "axis dotted"), rule([[x(w), top], [x(w), bottom]]),
    curve(!isLinear, "before draw"), curve(isLinear, "gradient"), dot(x(w), y(size), "dot gradient"),
    ...(other < 1e-5 || other > 1e5 ? [label(width - EDGE, other > 1 ? top + 18 : bottom - 8, words[isLinear ? "tanh" : "linear"], "faint", "end")] : []),
    ...(left < 1e-5 ? [label(EDGE, bottom - 8, words.vanishing)] : []),
    ...(right > 1e5 ? [label(width - EDGE, top + 18, words.exploding, "faint", "end")] : []),
  ];
}
