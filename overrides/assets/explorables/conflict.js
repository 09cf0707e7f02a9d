// Store against ignore: one input weight, what pulls at it, and a gate that opens and shuts. What is computed,
// carousel.core.js says.
import { button, fitted, frames, glide, html, replace, slider, speaker, svg } from "./kit.js";
import { EDGE, STYLE, arrow, box, cut, dot, label, line, rule } from "./parts.js";
import { held, learn, pulls } from "./carousel.core.js";
import { drawn } from "./drawn.js";

export const WORDS = {
  zh: {
    picture: "上：一个序列，每步的输入和写进细胞的部分，细胞里存下了什么。中：“记住”和“忽略”各把 w 往哪边推。下：平方误差随 w 的变化。",
    weight: "输入权重 w ", length: "步数 T ", gate: "其余各步的门 ", learns: "让 w 自己学", other: "换一个序列", try: "试试看",
    tries: ["没有门", "让 w = 1", "关上门"], gates: (i) => (i === 1 ? "1，全开" : i ? `${+i.toFixed(2)}` : "0，关上"),
    sequence: "输入（空心）和写进去的部分（实心）", cell: "细胞", wanted: "目标", store: "记住", ignore: "忽略", sum: "合计",
    down: "← 推向 0", up: "推向 1 →", error: "平方误差随 w 的变化（虚线：什么都不记）",
    set: (w, gate, steps) => `w = ${w}，其余各步的门 ${gate}，共 ${steps} 步。`,
    pulled: (store, ignore) => `“记住”的梯度是 ${store}，“忽略”的是 ${ignore}`,
    moves: (sum, error) => `，合起来 ${sum}，w 会变${sum[0] === "+" ? "小" : "大"}。平方误差 ${error}。`,
    stuck: (error) => `，互相抵消，w 停住不动。平方误差 ${error}，什么都不记也不过是 1：梯度不小，却无路可走。`,
    eased: (error) => `，互相抵消，w 停住不动。平方误差 ${error}：门关得越紧，反对的声音越小。`,
    solved: "门只在该记的那一步开着：两股梯度都是 0，误差也是 0。两种要求不再碰面，冲突化解了。",
  },
  en: {
    picture: "Above: one sequence, its inputs, what of them is written into the cell, what the cell holds. Middle: where store and ignore push w. Below: the squared error by w.",
    weight: "Input weight w ", length: "Steps T ", gate: "Gate at the other steps ", learns: "Let w learn", other: "Another sequence", try: "Try",
    tries: ["No gate", "Force w = 1", "Shut the gate"], gates: (i) => (i === 1 ? "1, open" : i ? `${+i.toFixed(2)}` : "0, shut"),
    sequence: "inputs (outline) and what is written (solid)", cell: "cell", wanted: "wanted", store: "store", ignore: "ignore", sum: "sum",
    down: "← pushes w to 0", up: "pushes w to 1 →", error: "squared error by w (dashed: storing nothing)",
    set: (w, gate, steps) => `w = ${w}, gate at the other steps ${gate}, ${steps} steps. `,
    pulled: (store, ignore) => `The gradient of “store” is ${store}, that of “ignore” ${ignore}`,
    moves: (sum, error) => `, together ${sum}: w is pushed ${sum[0] === "+" ? "down" : "up"}. The squared error is ${error}.`,
    stuck: (error) => `: they cancel, and w rests. The squared error is ${error}, where storing nothing costs 1: large gradients, and nowhere to go.`,
    eased: (error) => `: they cancel, and w rests. The squared error is ${error}: the further the gate shuts, the weaker the objections.`,
    solved: "The gate is open only at the step to store: both gradients are 0, and so is the error. The two demands no longer meet; the conflict is gone.",
  },
};

export const LENGTHS = [2, 3, 5, 10, 20, 40];
const MOST = 1.2, REACH = 1.5; // the largest w; the largest pull that an arrow shows

export function draw(figure, words) {
  const state = { w: 0.05, steps: 20, gate: 1, seed: 8 };
  const chart = svg("svg", { role: "img", "aria-label": words.picture }), said = speaker();
  const learns = html("input", { type: "checkbox", checked: "", autocomplete: "off" });
  let width, frame, stop = () => {}, isQuiet = true; // until the reader has done something

  const show = () => {
    chart.setAttribute("viewBox", `0 0 ${width} 358`);
    chart.replaceChildren(...sequence(words, width, state), ...arrows(words, width, state), ...parabola(words, width, state));
    const result = told(words, state);
    said.say(result, words.set(state.w.toFixed(2), state.gate, state.steps) + result, isQuiet);
  };
  const redraw = frames(show);
  /** The weight follows its gradient, an update a frame, or at once for those who want no motion. */
  const follow = () => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { best } = pulls(state.w, state.steps, state.gate);
    const isThere = isStill || Math.abs(state.w - best) < 1e-3;
    state.w = isThere ? best : learn(state.w, state.steps, state.gate);
    frame = isThere ? undefined : requestAnimationFrame(follow);
    weight.value = state.w;
    redraw();
  };
  const set = (wanted) => {
    isQuiet = false;
    Object.assign(state, wanted);
    redraw();
    if (learns.checked) frame ??= requestAnimationFrame(follow);
  };
  const halt = () => {
    stop();
    cancelAnimationFrame(frame);
    frame = undefined;
  };
  const byHand = (w) => {
    halt();
    learns.checked = false;
    set({ w });
  };
  const weight = slider({ label: words.weight, min: 0, max: MOST, step: 0.01, value: state.w, shown: (w) => w.toFixed(2) }, () => byHand(weight.value));
  const gate = slider({ label: words.gate, min: 0, max: 1, step: 0.05, value: 1, shown: words.gates }, () => {
    stop();
    set({ gate: gate.value });
  });
  const length = slider({ label: words.length, min: 0, max: LENGTHS.length - 1, step: 1, value: 4, shown: (k) => `${LENGTHS[k]}` }, () => set({ steps: LENGTHS[length.value] }));
  learns.addEventListener("change", () => (learns.checked ? set({}) : halt()));
  const slide = (wanted) => {
    halt();
    stop = glide([state.gate], [wanted], ([now]) => {
      gate.value = now;
      set({ gate: now });
    });
  };
  const TRIES = [() => {
    learns.checked = true;
    slide(1);
  }, () => {
    byHand(weight.value = 1);
    slide(1);
  }, () => {
    learns.checked = true;
    slide(0);
  }];
  const actions = TRIES.map((act, k) => plain(words.tries[k], act));
  const again = plain(words.other, () => set({ seed: state.seed + 1 }));

  const panel = html("div", {},
    html("div", { class: "tries", role: "group", "aria-label": words.try }, ...actions),
    chart, weight.element,
    html("div", { class: "choice" }, html("label", {}, learns, words.learns), again),
    html("div", { class: "slides" }, gate.element, length.element), said.element);
  return replace(figure, panel, STYLE).then(() => fitted(chart, (now) => {
    width = now;
    show();
  }));
}

/** A button that does something and is not pressed afterwards. */
function plain(text, clicked) {
  const made = button(text, clicked);
  made.removeAttribute("aria-pressed");
  return made;
}

const signed = (number) => (Math.abs(number) < 0.005 ? "0" : (number > 0 ? "+" : "−") + Math.abs(number).toFixed(2));
const fixed = (number) => number.toFixed(1).replace("-", "−");

function told(words, { w, steps, gate }) {
  const { store, ignore, error } = pulls(w, steps, gate), sum = signed(store + ignore);
  if (!gate && sum === "0") return words.solved;
  const pulled = words.pulled(signed(store), signed(ignore));
  if (sum !== "0") return pulled + words.moves(sum, error.toFixed(2));
  return pulled + words[gate === 1 ? "stuck" : "eased"](error.toFixed(2));
}

/** One sequence: its inputs, what of each is written, and what the cell holds. */
function sequence(words, width, { w, steps, gate, seed }) {
  const x = Array.from(drawn(seed, steps)), cell = held(w, x, gate), last = cell[steps - 1];
  const left = EDGE, right = width - 86, wide = (right - left) / steps, middle = 72;
  const unit = Math.min(25, 50 / Math.max(...cell.map(Math.abs))), y = (size) => middle - unit * size;
  const bars = x.flatMap((input, t) => [["bar empty", input], ["bar", input * w * (t ? gate : 1)]].map(([look, size]) =>
    box(`${look} ${t ? "gradient" : "value"}`, left + (t + 0.2) * wide, Math.min(y(0), y(size)), wide * 0.6, Math.abs(unit * size))));
  const room = Math.max(0, 15 - Math.abs(y(x[0]) - y(last))) / 2, way = y(last) > y(x[0]) ? 1 : -1; // between two labels
  return [
    label(EDGE, 12, words.sequence), rule([[left, middle], [right, middle]]), ...bars,
    line([[left, y(x[0])], [right, y(x[0])]], "value dotted"),
    line(cell.flatMap((c, t) => [[left + t * wide, y(c)], [left + (t + 1) * wide, y(c)]]), "whole"),
    label(right + 5, y(x[0]) + 4 - way * room, `${words.wanted} ${fixed(x[0])}`, "value"),
    label(right + 5, y(last) + 4 + way * room, `${words.cell} ${fixed(last)}`, "whole"),
  ];
}

/** The two pulls on w and their sum, as arrows that point where they push it. */
function arrows(words, width, { w, steps, gate }) {
  const { store, ignore } = pulls(w, steps, gate), middle = width / 2, unit = (middle - EDGE) / REACH;
  const row = (y, name, gradient, look) => {
    const push = Math.min(Math.max(-gradient, -REACH), REACH), way = signed(gradient) === "0" ? 1 : Math.sign(push);
    return [...arrow(middle, y, push * unit, look, Math.abs(gradient) > REACH),
      label(middle - 8 * way, y + 4, `${name} ${signed(gradient)}`, look, way > 0 ? "end" : "start")];
  };
  return [
    label(EDGE, 156, words.down), label(width - EDGE, 156, words.up, "faint", "end"), rule([[middle, 164], [middle, 232]]),
    ...row(176, words.store, store, "value"), ...row(198, words.ignore, ignore, "gradient"), ...row(220, words.sum, store + ignore, "whole"),
  ];
}

/** The squared error by weight: above the slider of the weight. */
function parabola(words, width, { w, steps, gate }) {
  const top = 264, bottom = 334, highest = 1.25, { error } = pulls(w, steps, gate);
  const x = (one) => EDGE + ((width - 2 * EDGE) * one) / MOST, y = (size) => bottom - ((bottom - top) * size) / highest;
  const points = Array.from({ length: 121 }, (_, k) => [x(k / 100), y(Math.min(pulls(k / 100, steps, gate).error, 2 * highest))]);
  return [
    label(EDGE, top - 10, words.error), rule([[EDGE, bottom], [width - EDGE, bottom]]), rule([[EDGE, y(1)], [width - EDGE, y(1)]], "axis dotted"),
    ...[0, 1].flatMap((one) => [rule([[x(one), bottom], [x(one), bottom + 5]]), label(x(one), bottom + 18, `${one}`, "faint", one ? "middle" : "start")]),
    ...cut("conflict-frame", 0, top, width, bottom - top + 2, line(points, "whole thin")),
    ...(error < highest ? [dot(x(w), y(error), "dot whole")] : [label(x(w), top + 8, `↑ ${fixed(error)}`, "whole", "middle")]),
  ];
}
