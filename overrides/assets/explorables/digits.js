// An LSTM at work, live: what the digits lab's networks do while they read. digits.core.js computes it, here it is drawn.
import { html, replace, slider, speaker, svg } from "./kit.js";
import { FULL, PIXELS, SIDE, counted, hears, read, unpack } from "./digits.core.js";

const STYLE = new URL("digits.css", import.meta.url);
const DATA = new URL("sequential_digits.json", import.meta.url); // the lab's value `explorable`

export const WORDS = {
  zh: {
    network: "网络和单元数", next: "换一个数字", misread: "它认错的", draw: "自己写一个", done: "写好了", clear: "擦掉",
    play: "▶ 播放", pause: "❚❚ 暂停", read: "已看的像素", hear: "显示还听得见哪些像素", says: "它说是哪个数字",
    picture: "8 × 8 像素的数字", key: "一行一个单元，从左到右 64 个像素。彩色接近 1，灰色接近 −1，浅的接近 0。", none: "RNN 没有门，也没有细胞，记忆只有隐藏状态。",
    pad: "在方框里写一个数字，用手指或鼠标；用键盘的话，方向键移动笔，空格键落笔、提笔，Esc 结束。",
    pen: (x, y, down) => `笔${down ? "已落下" : "已提起"}，横 ${x}，竖 ${y}。`,
    rows: { h: "隐藏状态 h", c: "细胞状态 c", i: "输入门 i", f: "遗忘门 f", o: "输出门 o" },
    mean: "平均大小",
    said: (t, name, digit, share, label) => `看了 ${t} 个像素，${name} ${t < PIXELS ? "会说" : "说"}是 ${digit}（${share}）${label === null ? "" : `，其实是 ${label}`}。`,
    heard: (top, last) => `还听得见的里面，第一行占 ${top}，刚看的这一行占 ${last}。`, percent: "%",
  },
  en: {
    network: "Network and its units", next: "Another digit", misread: "One it misreads", draw: "Draw one", done: "Done", clear: "Clear",
    play: "▶ Play", pause: "❚❚ Pause", read: "Pixels read", hear: "Show what it still hears", says: "What it says",
    picture: "A digit of 8 × 8 pixels", key: "One line a unit, the 64 pixels from left to right. Coloured is near 1, grey near −1, pale near 0.", none: " An RNN has no gates and no cell: its hidden state is all its memory.",
    pad: "Draw a digit in the square, with a finger or the mouse; by keyboard, arrow keys move the pen, Space lowers and lifts it, Escape ends.",
    pen: (x, y, down) => `Pen ${down ? "down" : "up"}, ${x} across, ${y} down.`,
    rows: { h: "hidden state h", c: "cell state c", i: "input gate i", f: "forget gate f", o: "output gate o" },
    mean: "mean size",
    said: (t, name, digit, share, label) => `After ${t} pixels, ${name} ${t < PIXELS ? "would say" : "says"} ${digit} (${share})${label === null ? "" : `; it is a ${label}`}.`,
    heard: (top, last) => ` Of what it still hears, the first row is ${top}, the row it is in ${last}.`, percent: " %",
  },
};

const STEP = 0.25; // how far a key moves the pen, in pixels of the image
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
// the number of the colour that a network has in the lab, and a gate in the drawing of the cell
const OWN = { "LSTM 32": 1, "RNN 32": 0, "RNN 64": 2, i: 4, f: 3, o: 2, c: 1, h: 5 }, GREY = [128, 128, 128];
const best = (shares) => shares.indexOf(Math.max(...shares));
const total = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0);

export async function draw(figure, words) {
  const { networks, images, labels } = unpack(await (await fetch(DATA)).json());
  const names = Object.keys(networks).sort(); // the LSTM first
  const state = { name: names[0], number: labels.indexOf(3), t: 40, lines: [], isDrawing: false };
  const parts = built(names, words);
  const update = () => redraw(parts, state, networks[state.name]);
  const reread = () => {
    state.run = read(networks[state.name], state.ink);
    strips(parts, networks[state.name], state.run);
    update();
  };
  const choose = (number) => {
    Object.assign(state, { ink: images[number], label: labels[number], isDrawing: false });
    reread();
  };
  const next = () => (state.number = (state.number + 1) % images.length);
  parts.next.onclick = () => choose(next());
  parts.misread.onclick = () => {
    while (best(read(networks[state.name], images[next()]).shares[PIXELS]) === labels[state.number]);
    state.t = PIXELS;
    choose(state.number);
  };
  parts.networks.onchange = ({ target }) => {
    state.name = target.value;
    reread();
  };
  parts.hear.onchange = update;
  stepped(parts, state, update);
  drawable(parts, state, reread);
  new MutationObserver(() => strips(parts, networks[state.name], state.run)).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  await replace(figure, parts.all, STYLE);
  choose(state.number);
}

function built(names, words) {
  const button = (text) => html("button", { type: "button" }, text);
  const radio = (name, n) => {
    const input = html("input", { type: "radio", name: "digits-network", value: name, autocomplete: "off" });
    input.checked = n === 0;
    return html("label", {}, input, name);
  };
  const rows = Object.entries(words.rows).map(([gate, name]) => {
    const value = html("span"), canvas = html("canvas", { width: PIXELS, role: "img", "aria-label": name, style: `color: var(--plot-${OWN[gate]})` });
    return { gate, value, canvas, element: html("div", { class: "strip" }, html("p", {}, name, value), html("div", {}, canvas)) };
  });
  const cells = Array.from({ length: PIXELS }, (_, k) => {
    const square = (name) => svg("rect", { class: name, x: -0.5, y: -0.5, width: 1, height: 1 });
    return svg("g", { transform: `translate(${(k % SIDE) + 0.5} ${Math.floor(k / SIDE) + 0.5})` }, square("heat"), square("ink"));
  });
  const parts = {
    words, rows, cells, lines: svg("path", { class: "lines" }), pen: svg("circle", { class: "pen", r: 0.25 }), said: speaker(),
    networks: html("fieldset", {}, html("legend", {}, words.network), ...names.map(radio)),
    next: button(words.next), misread: button(words.misread),
    draw: button(words.draw), clear: button(words.clear), play: button(words.play),
    bars: Array.from({ length: 10 }, (_, digit) => html("li", {}, html("b", {}, `${digit}`), html("i"), html("span"))),
    hear: html("input", { type: "checkbox", autocomplete: "off" }), key: html("p", { class: "key" }),
    slider: slider({ label: words.read, min: 0, max: PIXELS, step: 1, value: 0, shown: (t) => `${t} / ${PIXELS}` }, () => parts.slid()),
  };
  parts.picture = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}` }, ...cells, parts.lines, parts.pen);
  parts.all = html("div", { class: "digits" }, parts.networks,
    html("div", { class: "tries" }, parts.next, parts.misread, parts.draw, parts.clear),
    html("div", { class: "sides" }, parts.picture, html("ol", { "aria-label": words.says }, ...parts.bars)), parts.said.element,
    html("div", { class: "tries" }, parts.play, html("label", {}, parts.hear, words.hear)),
    parts.slider.element, ...rows.map(({ element }) => element), parts.key);
  return parts;
}

/** Shows all that depends on the number of pixels read. */
function redraw(parts, state, network) {
  const { words } = parts, { run, t, isDrawing } = state, shares = run.shares[t], digit = best(shares);
  const heard = hears(network, run, t, digit), percent = (share) => `${Math.round(100 * share)}${words.percent}`;
  parts.bars.forEach((bar, n) => {
    bar.classList.toggle("best", n === digit);
    bar.children[1].style.setProperty("--share", shares[n]);
    bar.children[2].textContent = percent(shares[n]);
  });
  pixels(parts, state, parts.hear.checked ? heard : []);
  parts.all.style.setProperty("--own", `var(--plot-${OWN[state.name]})`);
  parts.all.classList.toggle("drawing", isDrawing);
  parts.next.hidden = parts.misread.hidden = isDrawing;
  parts.clear.hidden = !isDrawing;
  parts.draw.textContent = isDrawing ? words.done : words.draw;
  const [role, ariaLabel, tabIndex] = isDrawing ? ["application", words.pad, 0] : ["img", words.picture, -1];
  Object.assign(parts.picture, { role, ariaLabel, tabIndex });
  parts.slider.value = t;
  parts.all.style.setProperty("--t", `${(100 * t) / PIXELS}%`);
  for (const { gate, value } of parts.rows) {
    const values = run[gate][gate === "c" || gate === "h" ? t : t - 1];
    value.textContent = values ? `${words.mean} ${(total(values) / values.length).toFixed(2)}` : "";
  }
  const row = (n) => percent(total(heard.subarray(n * SIDE, (n + 1) * SIDE)) / total(heard));
  const said = words.said(t, state.name, digit, percent(shares[digit]), state.label)
    + (parts.hear.checked && t ? words.heard(row(0), row(Math.ceil(t / SIDE) - 1)) : "");
  parts.said.say(said, said, !state.isOld);
  state.isOld = true;
}

/** The image: ink as squares, pale where it is unread; `heard` as colour. */
function pixels({ cells }, { ink, t }, heard) {
  const most = Math.max(...heard.map(Math.abs)) || 1;
  cells.forEach((cell, k) => {
    const [heat, square] = cell.children;
    square.setAttribute("transform", `scale(${0.92 * Math.sqrt(ink[k] / FULL)})`);
    heat.style.fillOpacity = Math.abs(heard[k] ?? 0) / most;
    cell.classList.toggle("unread", k >= t);
    cell.classList.toggle("last", k === t - 1);
  });
}

/** What gates and states did at all pixels, unit by unit: coloured near 1, grey near -1, pale near 0. */
function strips({ words, rows, key }, { kind, H }, run) {
  key.textContent = words.key + (kind === "RNN" ? words.none : "");
  for (const { gate, canvas, element } of rows) {
    const values = run[gate].slice(-PIXELS);
    element.hidden = values.length < PIXELS;
    if (element.hidden) continue;
    canvas.height = H;
    canvas.style.height = kind === "RNN" ? "8rem" : "1.6rem"; // it has the room of five
    const picture = new ImageData(PIXELS, H), own = getComputedStyle(canvas).color.match(/[\d.]+/g).slice(0, 3);
    values.forEach((units, t) => units.forEach((value, unit) => {
      const strength = Math.abs(gate === "c" ? Math.tanh(value) : value);
      picture.data.set([...(value < 0 ? GREY : own), 255 * strength], 4 * (unit * PIXELS + t));
    }));
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }
}

/** Slider and play button. Who wants less motion gets it row by row. */
function stepped(parts, state, update) {
  let timer;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    parts.play.textContent = parts.words.play;
  };
  const go = (t) => {
    Object.assign(state, { t, isDrawing: false });
    update();
  };
  parts.play.onclick = () => {
    if (timer) return stop();
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches, stride = isCalm ? SIDE : 1;
    if (state.t === PIXELS) state.t = 0;
    parts.play.textContent = parts.words.pause;
    timer = setInterval(() => {
      if (state.t + stride >= PIXELS) stop();
      go(Math.min(PIXELS, state.t + stride));
    }, isCalm ? 500 : 120); // less than what lets `said` speak
  };
  parts.slid = () => {
    stop();
    go(parts.slider.value);
  };
}

/** The drawing pad, for pointers and keys. What there is, is read a few times a second. */
function drawable(parts, state, reread) {
  const { picture, said, words } = parts;
  let pen = [SIDE / 2, 1.5], line = null, waiting; // the line that is being drawn, null while the pen is up
  const show = () => {
    clearTimeout(waiting);
    waiting = undefined;
    const isEmpty = !state.lines.length;
    if (!isEmpty) Object.assign(state, { ink: counted(state.lines), label: null });
    state.t = isEmpty ? 0 : PIXELS;
    reread();
    if (isEmpty) said.say(words.pad, words.pad);
  };
  const move = (place) => {
    pen = place;
    line?.push(pen);
    trace(parts, state.lines, pen);
  };
  const lower = (place) => {
    state.lines.push((line = []));
    move(place);
  };
  const lift = () => {
    if (line) show();
    line = null;
  };
  const clear = () => {
    Object.assign(state, { lines: [], isDrawing: true });
    line = null;
    trace(parts, state.lines, pen);
    show();
  };
  const end = () => {
    state.isDrawing = false;
    lift();
    reread();
  };
  parts.clear.onclick = clear;
  parts.draw.onclick = () => {
    if (state.isDrawing) return end();
    clear();
    picture.focus();
  };
  const under = ({ clientX, clientY }) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return [((clientX - left) / width) * SIDE, ((clientY - top) / height) * SIDE];
  };
  picture.onpointerdown = (event) => {
    if (!state.isDrawing || event.button || line) return;
    picture.setPointerCapture(event.pointerId);
    lower(under(event));
  };
  picture.onpointermove = (event) => {
    if (!line || !picture.hasPointerCapture(event.pointerId)) return;
    const place = under(event);
    if (Math.hypot(place[0] - pen[0], place[1] - pen[1]) < 0.15) return;
    move(place);
    waiting ??= setTimeout(show, 150);
  };
  picture.onlostpointercapture = lift;
  picture.onkeydown = (event) => {
    if (!state.isDrawing || !(event.key in KEYS || event.key === " " || event.key === "Escape")) return;
    event.preventDefault();
    if (event.key === "Escape") {
      end();
      return parts.draw.focus();
    }
    if (event.key !== " ") move(pen.map((value, axis) => Math.min(SIDE, Math.max(0, value + KEYS[event.key][axis]))));
    else if (line) line = null;
    else lower(pen);
    if (line) show();
    const told = words.pen(...pen, line);
    said.say(told, told);
  };
}

/** The lines that are drawn, and where the pen is. */
function trace(parts, lines, pen) {
  parts.lines.setAttribute("d", lines.map((line) => `M${line.join("L")}h0`).join(""));
  parts.pen.setAttribute("transform", `translate(${pen})`);
}
