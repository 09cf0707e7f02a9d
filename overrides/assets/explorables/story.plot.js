// The picture of the gradient's way back: three curves over the steps, and below them the cell's memory, which fades.
import { power, set, svg } from "./kit.js";
import { SEEDS, T } from "./story.core.js";

export const LINES = ["rnn", "full", "cell"]; // RNN, LSTM by all paths, its cell alone; story.css gives them colours
const LOWEST = -26, HIGHEST = 5; // powers of ten
const LEFT = 42, RIGHT = 44, TOP = 18, STRIP = 18, BELOW = 38; // pixels around the curves

export class Plot {
  /** `pointed(k)` is called where a reader points. */
  constructor(words, pointed) {
    this.words = words;
    this.axes = svg("g");
    this.zones = svg("g");
    this.clip = svg("rect");
    this.stops = Array.from({ length: T + 1 }, (_, k) => svg("stop", { offset: k / T }));
    this.band = svg("rect", { fill: "url(#story-fade)" });
    this.half = svg("line", { class: "cursor" });
    this.remembered = svg("text", { class: "halo" });
    this.cursor = svg("line", { class: "cursor" });
    this.grip = svg("circle", { class: "grip", r: 7, cy: TOP });
    this.lines = LINES.map((name) => ({
      name,
      thin: Array.from({ length: name === "cell" ? 0 : SEEDS }, () => svg("path", { class: `seed ${name}` })),
      thick: svg("path", { class: `line ${name}` }),
      dot: svg("circle", { class: name, r: 4.5 }),
      label: svg("text", { class: `halo ${name}` }, words.short[name]),
    }));
    const fade = svg("linearGradient", { id: "story-fade" }, ...this.stops);
    const curves = svg("g", { "clip-path": "url(#story-clip)" });
    for (const { thin } of this.lines) curves.append(...thin);
    for (const { thick } of this.lines) curves.append(thick);
    this.element = svg("svg", { role: "img", "aria-label": words.picture },
      svg("defs", {}, fade, svg("clipPath", { id: "story-clip" }, this.clip)),
      this.axes, this.band, this.half, this.remembered, this.cursor, curves, this.zones,
      ...this.lines.flatMap(({ dot, label }) => [dot, label]), this.grip);
    const point = ({ clientX }) => {
      const along = (clientX - this.element.getBoundingClientRect().left - LEFT) / (this.right - LEFT);
      pointed(Math.min(Math.max(Math.round(along * T), 1), T));
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      point(event);
    });
    this.element.addEventListener("pointermove", (event) => event.buttons && point(event));
  }

  x(k) {
    return LEFT + (k / T) * (this.right - LEFT);
  }

  y(value) {
    return TOP + ((HIGHEST - Math.log10(Math.max(value, 1e-99))) / (HIGHEST - LOWEST)) * (this.bottom - TOP);
  }

  path(curve) {
    return `M${curve.map((value, k) => `${this.x(k).toFixed(1)},${this.y(value).toFixed(1)}`).join("L")}`;
  }

  /** Axes for a width in pixels. */
  lay(width) {
    this.bottom = width < 480 ? 240 : 280;
    this.right = width - RIGHT;
    const { words, right, bottom } = this, across = right - LEFT;
    const text = (x, y, said, more = {}) => svg("text", { class: "faint", x, y, ...more }, said);
    const parts = [text(0, 11, words.left), text(LEFT + across / 2, bottom + STRIP + 33, words.back, { "text-anchor": "middle" })];
    parts.push(svg("rect", { class: "arrives", x: LEFT, y: this.y(1e2), width: across, height: this.y(1e-2) - this.y(1e2) }));
    for (let exponent = 0; exponent >= LOWEST; exponent -= 5) {
      const y = this.y(10 ** exponent);
      parts.push(svg("line", { class: exponent ? "grid" : "grid one", x1: LEFT, x2: right, y1: y, y2: y }));
      parts.push(text(LEFT - 5, y + 4, exponent ? power(exponent) : "1", { "text-anchor": "end" }));
    }
    for (let k = 0; k <= T; k += 20) parts.push(text(this.x(k), bottom + STRIP + 16, `${k}`, { "text-anchor": "middle" }));
    this.axes.replaceChildren(...parts);
    const zones = [[words.exploded, this.y(1e2) - 6], [words.arrives, this.y(1) - 5], [words.vanished, bottom - 7]];
    this.zones.replaceChildren(...zones.map(([said, y]) => text(LEFT + 6, y, said, { class: "faint halo" })));
    set(this.element, { viewBox: `0 0 ${width} ${bottom + STRIP + BELOW}` });
    set(this.clip, { x: LEFT, width: across, y: TOP, height: bottom - TOP });
    set(this.band, { x: LEFT, width: across, y: bottom + 2, height: STRIP - 2 });
  }

  /** `curves`: of each seed, `middle`: their medians, by line; `lag`: the chosen step. */
  show(curves, middle, lag) {
    for (const { name, thin, thick, dot } of this.lines) {
      const y = this.y(middle[name][lag]);
      thin.forEach((line, seed) => set(line, { d: this.path(curves[name][seed]) }));
      set(thick, { d: this.path(middle[name]) });
      set(dot, { cx: this.x(lag), cy: y, visibility: y > this.bottom ? "hidden" : "visible" });
    }
    set(this.cursor, { x1: this.x(lag), x2: this.x(lag), y1: TOP, y2: this.bottom + STRIP });
    set(this.grip, { cx: this.x(lag) });
    this.name(middle);
    this.fade(middle.cell);
  }

  /** Each line's name at its end, or where it leaves the picture; moved apart where they would meet. */
  name(middle) {
    const ends = this.lines.map(({ name, label }) => {
      const out = middle[name].findIndex((value) => this.y(value) > this.bottom), isIn = out < 0;
      return { label, x: isIn ? this.right + 6 : this.x(out) + 4, y: Math.min(this.y(middle[name][isIn ? T : out]), this.bottom) };
    }).sort((one, other) => one.y - other.y);
    let last = TOP - 9;
    for (const end of ends) end.y = last = Math.max(end.y, last + 15);
    let next = this.bottom + 11;
    for (const end of ends.reverse()) end.y = next = Math.min(end.y, next - 15);
    for (const { label, x, y } of ends) set(label, { x, y: y + 4 });
  }

  /** What the cell still holds of what came in k steps ago, and when half of it is gone. */
  fade(cell) {
    cell.forEach((share, k) => set(this.stops[k], { "stop-opacity": (0.6 * share).toFixed(3) }));
    const until = cell.findIndex((share) => share < 0.5), isKept = until < 0, x = this.x(isKept ? T : until);
    const isLate = isKept || until > T / 2;
    set(this.half, { x1: x, x2: x, y1: this.bottom + 2, y2: this.bottom + STRIP });
    set(this.remembered, { x: x + (isLate ? -6 : 6), y: this.bottom + STRIP - 5, "text-anchor": isLate ? "end" : "start" });
    this.remembered.textContent = this.words.memory(isKept ? 0 : until);
  }
}
