// What carousel, conflict and depth draw with: their marks, and a choice of one of several.
import { html, power, svg } from "./kit.js";

export const STYLE = new URL("parts.css", import.meta.url);
export const EDGE = 8; // half of a slider's thumb: so an axis stands above the slider that moves along it

const short = (number) => Math.round(number * 10) / 10;
const path = (points) => `M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}`;

/** A line through points [x, y]. */
export const line = (points, look) => svg("path", { class: `line ${look}`, d: path(points) });
export const rule = (points, look = "axis") => svg("path", { class: look, d: path(points) });
export const box = (look, x, y, width, height) => svg("rect", { class: look, x: short(x), y: short(y), width: short(width), height: short(height) });
export const dot = (x, y, look, r = 4.5) => svg("circle", { class: look, cx: short(x), cy: short(y), r });
export const label = (x, y, words, look = "faint", anchor = "start") => svg("text", { class: look, x: short(x), y: short(y), "text-anchor": anchor }, words);

/** An arrow from x along `length`, to the left where that is negative; with two heads where it ought to be longer. */
export function arrow(x, y, length, look, isCut) {
  const way = Math.sign(length), end = x + length;
  if (Math.abs(length) < 2) return [];
  const head = (tip) => svg("path", { class: `tip ${look}`, d: `M${short(tip)} ${y}l${-9 * way} -6v12z` });
  return [rule([[x, y], [end - 7 * way, y]], `shaft ${look}`), head(end), ...(isCut ? [head(end - 9 * way)] : [])];
}

/** Lines at powers of ten with their labels, from `left` to `right`; `y(size)` is where a size stands. */
export function scale(exponents, y, left, right) {
  return exponents.flatMap((exponent) => {
    const at = y(10 ** exponent);
    return [rule([[left, at], [right, at]], "grid"), label(left - 5, at + 4, exponent ? power(exponent) : "1", "faint", "end")];
  });
}

/** What is drawn inside of a frame, cut off at its edges; `id` is the page's only one. */
export function cut(id, x, y, width, height, ...inside) {
  return [svg("clipPath", { id }, box("", x, y, width, height)), svg("g", { "clip-path": `url(#${id})` }, ...inside)];
}

let count = 0;

/** One of several, as radio buttons: `options` are pairs of value and words. `changed(value)` is called when a reader
    chooses; `value` chooses one. */
export function choice(words, options, changed) {
  const name = `choice-${++count}`, inputs = new Map();
  const buttons = options.map(([value, text]) => {
    const input = html("input", { type: "radio", name, autocomplete: "off" });
    input.addEventListener("change", () => changed(value));
    inputs.set(value, input);
    return html("label", {}, input, text);
  });
  return {
    element: html("div", { class: "choice", role: "radiogroup", "aria-label": words }, html("span", { "aria-hidden": "true" }, words), ...buttons),
    set value(wanted) {
      inputs.get(wanted).checked = true;
    },
  };
}
