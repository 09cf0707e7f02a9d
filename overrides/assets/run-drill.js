// Drills: the judge's lines as a list, and what a reader has written and solved. That stays in the reader's browser, in
// localStorage, one entry a drill: { text, solved }. Where it is forbidden or full, nothing is kept and nothing breaks.
const KEY = "lstm-by-experiment drill ";
const MOST = 100_000; // characters of a program, as in a link
const NAME = /^[\w-]+(\/[\w-]+)*$/;

const WORDS = {
  zh: {
    right: "对", wrong: "错", open: "还没写", list: "判题结果", printed: "程序打印的",
    solved: "✓ 已做对", begun: "… 写了一部分", save: "导出我写的", load: "导入",
    kept: "写的代码和做对的题只存在这个浏览器里，不会发送到别处。",
    taken: (count) => `导入了 ${count} 道题。`, nothing: "还没有可以导出的。", bad: "这个文件不是从这里导出的。",
    failed: "浏览器不让保存，没有全部导入。",
    replace: (count) => `有 ${count} 道题，这里写的和文件里的不同。用文件里的换掉吗？`,
  },
  en: {
    right: "right", wrong: "wrong", open: "not yet", list: "What the judge says", printed: "What the program prints",
    solved: "✓ solved", begun: "… begun", save: "Export what I wrote", load: "Import",
    kept: "What you write and solve stays in this browser and is sent nowhere.",
    taken: (count) => `Drills imported: ${count}.`, nothing: "There is nothing to export yet.", bad: "This file was not exported here.",
    failed: "The browser does not let the site store it: not all was imported.",
    replace: (count) => `Drills with another text here than in the file: ${count}. Replace them by the file's?`,
  },
}[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// -- the judge -----------------------------------------------------------------------------------------------

const MARKS = { "+": ["right", "✓"], "-": ["wrong", "✗"], ".": ["open", "·"] };

/** What a judge's output says: { checks: [[mark, text]], summary, rest }; null if no line of it is a check. */
export function verdict(output) {
  const lines = output.trimEnd().split("\n");
  const isCheck = (line) => /^[-+.] /.test(line);
  const checks = lines.filter(isCheck).map((line) => [line[0], line.slice(2)]);
  if (!checks.length) return null;
  const summary = isCheck(lines.at(-1)) ? "" : lines.pop();
  return { checks, summary, rest: lines.filter((line) => !isCheck(line)).join("\n"), isRight: checks.every(([mark]) => mark === "+") };
}

/** The same as an element for the page. */
export function list({ checks, summary, rest }) {
  const items = checks.map(([mark, text]) => {
    const [kind, sign] = MARKS[mark], shown = element("span", { textContent: sign });
    shown.setAttribute("role", "img");
    shown.setAttribute("aria-label", WORDS[kind]);
    return element("li", { className: kind }, shown, ` ${text}`);
  });
  const made = element("div", { className: "run-judged" }, element("ul", { ariaLabel: WORDS.list }, ...items), element("p", { textContent: summary }));
  if (rest) made.prepend(element("pre", { tabIndex: 0, ariaLabel: WORDS.printed }, rest));
  return made;
}

// -- what is kept --------------------------------------------------------------------------------------------

/** { text, solved } of a drill, as far as there is any. */
export function kept(name) {
  try {
    return sound(JSON.parse(localStorage.getItem(KEY + name)));
  } catch {
    return {};
  }
}

/** Adds to what is kept of a drill; `text: undefined` forgets its text. Whether the browser allowed it. */
export function keep(name, more) {
  try {
    const entry = { ...kept(name), ...more };
    if (entry.text === undefined && !entry.solved) localStorage.removeItem(KEY + name);
    else localStorage.setItem(KEY + name, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

/** Of something that may be anybody's, what an entry may hold. */
function sound(entry) {
  const made = {};
  if (typeof entry?.text === "string" && entry.text.length <= MOST) made.text = entry.text;
  if (entry?.solved === true) made.solved = true;
  return made;
}

function all() {
  try {
    const names = Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => key.slice(KEY.length)).sort();
    return Object.fromEntries(names.map((name) => [name, kept(name)]));
  } catch {
    return {};
  }
}

// -- the list of drills --------------------------------------------------------------------------------------

const LOOKS = `
.drill-keep { font-size: 0.68rem; color: var(--md-default-fg-color--light); }
.drill-keep button { padding: 0 0.6rem; border: 1px solid; border-radius: 0.1rem; color: var(--md-typeset-a-color); cursor: pointer; }
[data-drill-state] { font-size: 0.85em; white-space: nowrap; }
[data-drill-state].solved { color: var(--md-code-hl-string-color); }`;

/** Says beside each drill of the page, <span data-drill-state="lstm_backward"></span>, how far the reader is. */
const places = [...document.querySelectorAll("[data-drill-state]")];
if (places.length) overview();

function overview() {
  document.head.append(element("style", { textContent: LOOKS }));
  const show = () => {
    for (const place of places) {
      const { text, solved } = kept(`drills/${place.dataset.drillState}`);
      place.className = solved ? "solved" : "";
      place.textContent = solved ? WORDS.solved : text !== undefined ? WORDS.begun : "";
    }
  };
  const status = element("span", {});
  status.setAttribute("role", "status");
  const file = element("input", { type: "file", accept: ".json,application/json", hidden: true });
  file.onchange = async () => {
    status.textContent = await take(file.files[0]);
    file.value = "";
    show();
  };
  const save = element("button", { type: "button", textContent: WORDS.save, onclick: () => (status.textContent = give()) });
  const load = element("button", { type: "button", textContent: WORDS.load, onclick: () => file.click() });
  places.at(-1).closest("article > *").after(element("p", { className: "drill-keep" }, save, " ", load, file, ` ${WORDS.kept} `, status));
  show();
  addEventListener("storage", show);
  addEventListener("pageshow", show); // back from a drill
}

function give() {
  const drills = all();
  if (!Object.keys(drills).length) return WORDS.nothing;
  const href = URL.createObjectURL(new Blob([JSON.stringify({ drills }, null, 1)], { type: "application/json" }));
  element("a", { href, download: "lstm-by-experiment-drills.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  return "";
}

async function take(file) {
  let drills;
  try {
    drills = Object.entries(JSON.parse(await file.text()).drills).filter(([name]) => NAME.test(name)).map(([name, entry]) => [name, sound(entry)]);
  } catch {
    return WORDS.bad;
  }
  const differs = ([name, { text }]) => text !== undefined && ![undefined, text].includes(kept(name).text);
  const others = drills.filter(differs);
  if (others.length && !confirm(WORDS.replace(others.length))) for (const [, entry] of others) delete entry.text;
  const done = drills.map(([name, entry]) => keep(name, entry));
  return done.every(Boolean) ? WORDS.taken(done.length) : WORDS.failed;
}
