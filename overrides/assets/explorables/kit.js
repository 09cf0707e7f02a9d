// What explorables share: elements, sliders, buttons, numbers, what is said of a change, movement, width.
const SVG = "http://www.w3.org/2000/svg";
const STYLE = new URL("kit.css", import.meta.url);
const SIGNS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** Gives an element attributes, and children after those that it has. */
export function set(element, attributes, ...children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const html = (tag, attributes = {}, ...children) => set(document.createElement(tag), attributes, ...children);
export const svg = (tag, attributes = {}, ...children) => set(document.createElementNS(SVG, tag), attributes, ...children);

/** Puts `panel` where the program's figure stands, once the style sheets are there: what all explorables share, and its
    own. The caption stays. */
export async function replace(figure, panel, style) {
  const sheets = [STYLE, style].map((href) => new Promise((done) => {
    const link = html("link", { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.append(link);
  }));
  await Promise.all(sheets);
  panel.classList.add("explorable");
  figure.querySelector(":scope > svg").replaceWith(panel);
}

/** 0.083 as it is, and what is smaller or larger as 3 × 10⁻²¹, which does not wrap. */
export function number(value) {
  const [digits, exponent] = value.toExponential(0).split("e");
  if (value === 0 || (exponent >= -2 && exponent < 3)) return `${+value.toPrecision(2)}`;
  return `${digits}\u00a0×\u00a0${power(+exponent)}`;
}

/** 10⁻²¹ */
export const power = (exponent) => `10${[...`${exponent}`].map((sign) => SIGNS[sign]).join("")}`;

let count = 0;

/** A slider with its label, nodes or text, and its value as `shown(value)` says it. `changed()` is called when a reader
    moves it; `value` reads and moves it. */
export function slider({ label, min, max, step, value, shown }, changed) {
  const id = `explorable-${++count}`;
  const input = html("input", { type: "range", id, min, max, step, autocomplete: "off" });
  const output = html("output", { for: id });
  const show = () => {
    output.textContent = shown(+input.value);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  const made = {
    element: html("div", { class: "slide" }, html("label", { for: id }, ...[label].flat()), " ", output, input),
    get value() {
      return +input.value;
    },
    set value(wanted) {
      input.value = wanted;
      show();
    },
  };
  made.value = value;
  return made;
}

/** A button that is pressed while `pressed`. */
export function button(text, clicked) {
  const made = html("button", { type: "button", "aria-pressed": "false" }, text);
  made.addEventListener("click", clicked);
  return made;
}

/** What is said of the result: seen at once, and heard, politely, when the reader has paused. */
export function speaker() {
  const seen = html("p", { "aria-hidden": "true" }), heard = html("p", { class: "heard", role: "status" });
  let timer;
  return {
    element: html("div", { class: "said" }, seen, heard),
    /** `full` is `short` with what else the picture shows. `isQuiet`: nobody has
        asked for it, as at the beginning. */
    say(short, full, isQuiet = false) {
      seen.textContent = short;
      clearTimeout(timer);
      timer = setTimeout(() => (heard.textContent = full), isQuiet ? 0 : 600);
    },
  };
}

/** Calls `draw` before the next frame, once, however often it is asked. */
export function frames(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** Moves numbers to where they are wanted, in half a second, or at once for those who want no motion; `move(numbers)`
    is called on the way. Gives what stops it. */
export function glide(from, to, move, duration = 500) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let begun, frame;
  const step = (now) => {
    begun ??= now;
    const way = still ? 1 : Math.min((now - begun) / duration, 1), eased = way * way * (3 - 2 * way);
    move(to.map((end, k) => (way === 1 ? end : from[k] + (end - from[k]) * eased)));
    if (way < 1) frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}

/** Calls `draw(width)` with the width of an element in pixels, now and whenever it changes: one unit is one pixel, and
    text has the size that it should have. */
export function fitted(element, draw) {
  let width;
  const look = () => {
    if (element.clientWidth && element.clientWidth !== width) draw((width = element.clientWidth));
  };
  look(); // before the browser has shown anything
  new ResizeObserver(look).observe(element);
}

/** Lets the browser do what is urgent, between two parts of a long work. */
export const pause = () => new Promise((done) => setTimeout(done));
