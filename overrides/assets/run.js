// Runs the programs of a page in the reader's browser, as they stand or as the reader has changed them. site.js loads
// this when somebody asks for it; Python itself comes with the first run, in a worker: run-worker.js.
import { drawing } from "./run-drawing.js";
import { keep, kept, list, verdict } from "./run-drill.js";
import { canShare, fragment, read } from "./run-link.js";

const RELEASE = new URL("pyodide/release.json", import.meta.url); // written by sitebuild/programs/pyodide.py
const MODULES = new URL("sitebuild.json", import.meta.url); // the modules that draw, as they are
const FONT = new URL("metrics.ttf", import.meta.url);
const WORKER = new URL("run-worker.js", import.meta.url);
const EDITOR = new URL("run-editor.js", import.meta.url); // made of CodeMirror by sitebuild/pages/editor.py
const STYLE = new URL("run.css", import.meta.url);
const LIMIT = 60; // seconds for one run

const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const WORDS = {
  zh: {
    run: "运行", stop: "停止", reset: "还原", share: "复制链接",
    downloading: (done, all) => `正在下载 Python：${done} / ${all} MB`,
    starting: "正在启动 Python……", running: "运行中……",
    same: (seconds) => `运行完毕，用时 ${seconds} 秒，输出与本页相同。`,
    other: (seconds) => `运行完毕，用时 ${seconds} 秒，输出与本页不同：换了版本和处理器，舍入会不一样。`,
    changed: (seconds) => `修改后的程序运行完毕，用时 ${seconds} 秒。`,
    failed: (line) => (line ? `程序在第 ${line} 行出错。` : "程序出错。"),
    stopped: "已停止。", late: `运行超过 ${LIMIT} 秒，已停止。`,
    missing: (reason) => `Python 没能启动：${reason}`, broken: (reason) => `Python 出了问题：${reason}`,
    label: (file) => `程序 ${file}，可以修改`,
    hint: "Ctrl+Enter 运行；Tab 缩进，先按 Esc 再按 Tab 离开。",
    restored: "这是你上次写的。“还原”回到起点，回去之后还可以用 Ctrl+Z 撤销。", cleared: "回到起点了。Ctrl+Z 撤销。",
    notKept: "浏览器不让保存：离开本页之前，请把写的复制到别处。",
    noEditor: "编辑器没能下载，请再试一次。",
    noList: (name) => `程序里没有这样的一行：${name} = (…)`,
    output: "修改后的输出", drawn: "修改后的程序画的图", frames: "选一幅图：",
    copied: "链接已复制，也在地址栏里。", address: "链接在地址栏里。",
    foreign: "这个程序是别人改过的，由链接带来，还没有运行。看过再运行；“还原”可以回到本页的程序。",
    damaged: "链接不完整，其中的程序读不出来。", unknown: "本页没有链接里说的程序。",
  },
  en: {
    run: "Run", stop: "Stop", reset: "Reset", share: "Copy link",
    downloading: (done, all) => `Downloading Python: ${done} of ${all} MB`,
    starting: "Starting Python…", running: "Running…",
    same: (seconds) => `Done in ${seconds} s, with the same output as on this page.`,
    other: (seconds) => `Done in ${seconds} s, with other output than on this page: other versions and processors round differently.`,
    changed: (seconds) => `The changed program is done, in ${seconds} s.`,
    failed: (line) => (line ? `The program failed in line ${line}.` : "The program failed."),
    stopped: "Stopped.", late: `Stopped after ${LIMIT} s, the most that a run may take.`,
    missing: (reason) => `Python did not start: ${reason}`, broken: (reason) => `Python broke down: ${reason}`,
    label: (file) => `Program ${file}, to be changed`,
    hint: "Ctrl+Enter runs it. Tab indents; Esc, then Tab, leaves the field.",
    restored: "This is what you wrote last time. Reset goes back to the starter; Ctrl+Z undoes that.", cleared: "This is the starter again. Ctrl+Z brings back what you wrote.",
    notKept: "The browser does not let the site keep this: copy what you write before you leave the page.",
    noEditor: "The editor was not loaded: try again.",
    noList: (name) => `The program has no line ${name} = (…) any more.`,
    output: "Output of the changed program", drawn: "Drawn by the changed program", frames: "Choose a frame:",
    copied: "The link is copied, and in the address bar.", address: "The link is in the address bar.",
    foreign: "Somebody else has changed this program. It came with the link and has not run yet: read it, then run it, or reset it to this page's.",
    damaged: "The link is damaged: no program can be read from it.", unknown: "The program of this link is not on this page.",
  },
}[lang];

const styled = new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE, onload: done, onerror: done });
  document.head.append(link);
});

// -- Python in its worker ------------------------------------------------------------------------------------

let worker, ready, job;
let era = 0; // of workers: what is still on its way to one that is gone must not start another

/** What came of a program: { answer }, { stopped }, { late } or { failed: the reason, started }. One runs at a time. */
function execute(request, report) {
  if (job) end({ stopped: true }, !job.running); // Python that is loading is of use to both
  return new Promise((done) => {
    const mine = { report, done, running: false };
    job = mine;
    ready ??= start();
    ready.then(
      () => {
        if (job !== mine) return;
        mine.running = true;
        mine.timer = setTimeout(() => end({ late: true }), LIMIT * 1000);
        report({ text: WORDS.running });
        worker.postMessage({ request });
      },
      (error) => job === mine && end({ failed: error.message, started: false }),
    );
  });
}

function stop() {
  if (job) end({ stopped: true });
}

/** The job is over; a worker that has not answered is, too: nothing else ends a program. */
function end(outcome, keepWorker = "answer" in outcome) {
  const { timer, done } = job;
  clearTimeout(timer);
  job = undefined;
  if (!keepWorker) retire();
  done(outcome);
}

/** The next program gets a new worker. */
function retire() {
  worker?.terminate();
  worker = ready = undefined;
  era++;
}

async function start() {
  const mine = era;
  const [release, modules, font] = await Promise.all([json(RELEASE), json(MODULES), lang === "zh" && bytes(FONT)]);
  const sum = Object.values(release.files).reduce((all, file) => all + file.bytes, 0);
  const home = new URL(`${release.folder}/`, RELEASE).href;
  if (era !== mine) throw new Error("stopped");
  worker = new Worker(WORKER, { type: release.kind });
  await new Promise((done, fail) => {
    worker.onerror = ({ message }) => {
      fail(new Error(message || "worker"));
      if (job) end({ failed: message || "worker", started: job.running });
    };
    worker.onmessage = ({ data }) => {
      if (data.ready) done();
      else if (data.loaded) job?.report({ text: WORDS.downloading(megabytes(data.loaded), megabytes(sum)), part: data.loaded / sum });
      else if (data.starting) job?.report({ text: WORDS.starting });
      else if (data.failed) worker.onerror({ message: data.failed });
      else if (data.answer && job?.running) end({ answer: data.answer });
    };
    worker.postMessage({ release, home, modules, font });
  });
  tidy(home).catch(() => {}); // where the reader's browser forbids storage
}

/** Of what sw.js keeps, other releases than the one in `home` go. */
async function tidy(home) {
  const name = `python kept-1 ${new URL("../", import.meta.url).href.replace(/[?#].*/, "")}`;
  if (!self.caches || !(await caches.has(name))) return;
  const cache = await caches.open(name);
  for (const { url } of await cache.keys()) if (!url.startsWith(home)) cache.delete(url);
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  return answer;
}
const json = async (address) => (await load(address)).json();
const bytes = async (address) => (await load(address)).arrayBuffer();
const megabytes = (count) => (count / 1e6).toFixed(1);

// -- one program on the page ---------------------------------------------------------------------------------

class Program {
  constructor(bar) {
    [this.runButton, this.editButton] = bar.children;
    this.bar = bar;
    this.name = bar.dataset.run;
    this.isDrill = "drill" in bar.dataset;
    this.file = `${this.name.split("/").pop()}.py`;
    this.line = bar.closest("p");
    this.block = this.line.previousElementSibling;
    this.code = this.block.querySelector("pre > code");
    this.source = `${this.code.textContent.trimEnd()}\n`;
    const output = this.line.nextElementSibling;
    // what the page shows, and what is shown now
    this.output = this.outputNow = output?.matches(".language-text") ? output : null;
    this.figure = this.figureNow = document.querySelector(`figure[data-snippet="${this.name}"]`);
    this.panel = element("div", { className: "run-panel" });
    this.status = element("p", {}, { role: "status" });
    this.progress = element("progress", { max: 1, hidden: true }, { "aria-label": WORDS.starting });
    this.note = element("p", { className: "run-note", hidden: true });
    this.trace = element("pre", { className: "run-error", hidden: true, tabIndex: 0 });
    this.panel.append(this.note, this.status, this.progress, this.trace);
    this.line.after(this.panel);
    this.resetButton = this.button(WORDS.reset, () => this.reset());
    this.shareButton = this.button(WORDS.share, () => this.share());
    this.resetButton.hidden = this.shareButton.hidden = true;
  }

  button(text, act) {
    const button = element("button", { type: "button", textContent: text, onclick: act });
    this.bar.append(" ", button);
    return button;
  }

  get text() {
    return this.field ? this.field.value : this.source;
  }

  get isChanged() {
    return this.text.trimEnd() !== this.source.trimEnd();
  }

  say(text, part) {
    this.status.textContent = text;
    this.progress.hidden = part === undefined;
    if (part !== undefined) this.progress.value = part;
  }

  /** Adds a value to the numbers for which the program draws its frames, and runs it: the new frame comes first. */
  async live(name, value) {
    if (!(await this.edit(false))) return;
    const added = `${Number(value)}, `, list = new RegExp(`^(${name} = \\()${this.added ?? ""}`, "m");
    if (!list.test(this.text)) return this.say(WORDS.noList(name));
    this.field.value = this.text.replace(list, `$1${added}`);
    this.added = added.replace(".", "\\.");
    if (this.isRunning) stop();
    await this.idle;
    await this.run(0);
  }

  run(frame) {
    if (this.isRunning) return stop();
    return (this.idle = this.start(frame));
  }

  async start(frame) {
    this.isRunning = true;
    this.note.hidden = true; // that it has not run yet
    this.runButton.textContent = WORDS.stop;
    this.fail("", 0);
    if (this.isDrill && !this.field && kept(this.name).text !== undefined) await this.edit(false); // it is what shall run
    const source = this.text, isChanged = this.isChanged, begun = { at: performance.now() };
    const outcome = await execute({ name: this.name, lang, source, font: lang === "zh" ? "/site/metrics.ttf" : null }, ({ text, part }) => {
      this.say(text, part);
      begun.at = performance.now();
    });
    this.isRunning = false;
    this.runButton.textContent = WORDS.run;
    if (outcome.stopped) return this.say(WORDS.stopped);
    if (outcome.late) return this.say(WORDS.late);
    if (outcome.failed) return this.say(WORDS[outcome.started ? "broken" : "missing"](outcome.failed));
    // somebody else's program may have left something behind that answers for the next one
    if (this.isForeign) retire();
    try {
      await this.show(JSON.parse(outcome.answer), isChanged, frame, ((performance.now() - begun.at) / 1000).toFixed(1));
    } catch (error) {
      this.say(WORDS.broken(error.message));
    }
  }

  async show({ stdout, figures, error, line }, isChanged, frame, seconds) {
    const isSame = stdout.trimEnd() === (this.output?.textContent.trimEnd() ?? "");
    const shown = figures.length ? this.drawn(figures, isChanged, frame) : null; // before anything is changed: it may throw
    const text = String(stdout).trimEnd(), judged = this.isDrill ? verdict(text) : null;
    const printed = judged ? list(judged) : text ? this.printed(text, isChanged) : null;
    if (judged?.isRight && isChanged && !error && !this.isForeign) keep(this.name, { solved: true });
    this.replace("output", printed, this.panel);
    this.replace("figure", shown, this.outputNow?.isConnected ? this.outputNow : this.panel);
    this.resetButton.hidden = false;
    if (frame === 0) this.figureNow?.querySelector(".live input")?.focus({ preventScroll: true });
    if (error) await this.fail(String(error), Number(line));
    else this.say(`${isChanged ? WORDS.changed(seconds) : isSame ? WORDS.same(seconds) : WORDS.other(seconds)}${lang === "zh" ? "" : " "}${judged?.summary ?? ""}`.trim());
  }

  /** Puts `made` where the page's own output or figure stands, or after `before` where the page has none. */
  replace(which, made, before) {
    const now = `${which}Now`;
    if (this[now]?.isConnected) {
      this[`${which}Place`] ??= document.createComment("");
      this[now].replaceWith(this[`${which}Place`]);
    }
    const place = this[`${which}Place`];
    if (made && place?.isConnected) place.replaceWith(made);
    else if (made) before.after(made);
    this[now] = made;
  }

  printed(text, isChanged) {
    const code = element("code", { textContent: `${text}\n` }), pre = element("pre"), box = element("div", { className: "language-text highlight" });
    pre.append(code);
    box.append(pre);
    if (isChanged) for (const [name, value] of [["role", "group"], ["aria-label", WORDS.output]]) box.setAttribute(name, value);
    return box;
  }

  /** A figure for the page, of several drawings with the slider at `frame`, or where it was. */
  drawn(figures, isChanged, frame) {
    const old = this.figure?.querySelector("svg"), first = old?.closest(".frame");
    const alt = isChanged || !old ? WORDS.drawn : old.getAttribute("aria-label").slice(first ? first.dataset.label.length + 2 : 0);
    const several = figures.length > 1;
    const slider = this.figureNow?.querySelector(".slider input");
    const at = frame ?? (several && slider && +slider.max === figures.length - 1 ? +slider.value : 0);
    const made = element("figure", { className: "plot run-drawn" });
    made.dataset.searchExclude = "";
    made.dataset.snippet = this.name;
    figures.forEach(([label, svg], number) => {
      const picture = drawing(String(svg), several ? `${label}: ${alt}` : alt);
      if (!several) return made.append(picture);
      const box = element("div", { className: number === at ? "frame shown" : "frame" });
      box.dataset.label = label;
      box.append(picture);
      made.append(box);
    });
    if (several) {
      const label = element("label", { className: "slider" });
      const name = element("b", { textContent: figures[at][0] }, { "aria-hidden": true });
      const input = element("input", {}, {
        type: "range", min: 0, max: figures.length - 1, value: at, autocomplete: "off", "aria-valuetext": figures[at][0],
      });
      label.append(`${WORDS.frames} `, name, input);
      made.append(label);
    }
    const field = this.figureNow?.querySelector(".live") ?? this.figure?.querySelector(".live");
    if (field) made.append(field.cloneNode(true));
    const caption = this.figure?.querySelector("figcaption");
    if (caption) made.append(caption.cloneNode(true));
    return made;
  }

  /** Shows a traceback and marks the line; with "" takes both away. */
  async fail(trace, line) {
    this.trace.hidden = !trace;
    this.trace.textContent = trace;
    if (trace) {
      this.say(WORDS.failed(line));
      const { text } = this;
      await this.edit(false);
      if (this.text !== text) return;
    }
    this.field?.mark(line);
  }

  // -- the field ---------------------------------------------------------------------------------------------

  /** The code becomes an editor. Whether there is one now. */
  async edit(hasFocus) {
    const { editor } = (await import(EDITOR).catch(() => null)) ?? {};
    if (!editor) this.say(WORDS.noEditor);
    else if (!this.field) this.open(editor);
    if (hasFocus) this.field?.focus();
    return Boolean(this.field);
  }

  open(editor) {
    this.hint = element("p", { className: "run-hint", textContent: WORDS.hint, id: `hint-${this.name.replace(/\W/g, "-")}` });
    this.panel.prepend(this.hint);
    const text = (this.isDrill && kept(this.name).text) || this.source;
    this.field = editor({
      parent: this.code.parentNode,
      text,
      attributes: { "aria-label": WORDS.label(this.file), "aria-describedby": this.hint.id },
      typed: () => this.typed(),
      run: () => this.isRunning || this.run(),
    });
    this.code.hidden = this.editButton.hidden = true;
    if (this.block.matches("details")) this.block.open = true;
    this.resetButton.hidden = false;
    this.shareButton.hidden = !canShare;
    this.block.dataset.copy = text;
    if (this.isChanged && !this.isRunning) this.say(WORDS.restored);
  }

  typed() {
    this.field.mark(0);
    this.block.dataset.copy = this.field.value; // what the theme's button copies
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), 400);
  }

  /** What a reader has written of a drill is there again at the next visit. */
  keep() {
    if (!this.isDrill || !this.field || this.isForeign) return;
    if (!keep(this.name, { text: this.isChanged ? this.text : undefined })) this.say(WORDS.notKept);
  }

  /** Everything as the page had it. */
  reset() {
    if (this.isRunning) stop();
    this.replace("output", this.output, this.panel);
    this.replace("figure", this.figure, this.panel);
    if (this.field && this.isDrill && !this.isForeign) {
      this.trace.hidden = true;
      this.field.value = this.source;
      this.field.focus();
      return this.say(WORDS.cleared);
    }
    if (this.field) {
      this.field.remove();
      this.hint.remove();
      this.field = null;
      this.code.hidden = false;
      delete this.block.dataset.copy;
    }
    this.added = undefined;
    this.isForeign = false;
    for (const input of this.figure?.querySelectorAll(".live input") ?? []) input.value = "";
    this.trace.hidden = this.note.hidden = this.resetButton.hidden = this.shareButton.hidden = true;
    this.editButton.hidden = false;
    this.say("");
    if (location.hash.startsWith("#run=")) history.replaceState(null, "", location.pathname + location.search);
    this.editButton.focus();
  }

  async share() {
    const link = new URL(await fragment(this.name, this.text), location.href).href;
    history.replaceState(null, "", link);
    const isCopied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    this.say(isCopied ? WORDS.copied : WORDS.address);
  }

  /** Shows a program that came with a link. It runs only if the reader says so. */
  async receive(source) {
    if (this.isRunning) stop();
    if (!(await this.edit(false))) return;
    this.keep();
    this.isForeign = true;
    this.field.value = source;
    this.note.textContent = WORDS.foreign;
    this.note.hidden = !this.isChanged;
    this.isForeign = this.isDrill || this.isChanged; // of a drill, the reader's own stays kept
    this.say("");
    (this.note.hidden ? this.block : this.note).scrollIntoView({ block: "center" });
  }
}

function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const programs = new Map();

addEventListener("pagehide", () => programs.forEach((program) => program.keep()));

function programOf(bar) {
  if (!programs.has(bar)) programs.set(bar, new Program(bar));
  return programs.get(bar);
}

// -- what site.js calls --------------------------------------------------------------------------------------

/** One of a program's buttons was pressed. */
export async function press(button) {
  const program = programOf(button.parentNode);
  await styled;
  if (button === program.runButton) await program.run();
  else if (button === program.editButton) await program.edit(true);
}

/** A value was asked for that a figure has no frame for. */
export async function live(input) {
  const { snippet } = input.closest("figure").dataset;
  await styled;
  const bar = [...document.querySelectorAll(".run")].find((one) => one.dataset.run === snippet);
  await programOf(bar).live(input.dataset.parameter, input.value);
}

/** The address holds a program. */
export async function open(hash) {
  await styled;
  const bars = [...document.querySelectorAll(".run")];
  try {
    const { name, source } = await read(hash);
    const bar = bars.find((one) => one.dataset.run === name);
    if (bar) return programOf(bar).receive(source);
    tell(WORDS.unknown);
  } catch {
    tell(WORDS.damaged);
  }
}

function tell(text) {
  const note = element("p", { className: "run-note" }, { role: "alert" });
  document.querySelector("article").prepend(note);
  note.textContent = text;
}
