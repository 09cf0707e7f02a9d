// A part of a diagram, its equation and its lines of code light up together, whichever of them is pointed at.
// Without this script the parts are links to the list below the picture.
// Where several share a program, the one with the most lines marks it for all.
const marked = new Set();
const count = (figure) => figure.querySelectorAll("li code").length;
for (const figure of [...document.querySelectorAll("figure.diagram")].sort((one, other) => count(other) - count(one))) {
  const svg = figure.querySelector("svg");
  const buttons = [...svg.querySelectorAll("a")];
  const items = [...figure.querySelectorAll("li")];
  const codes = [...figure.querySelectorAll("li code")];
  const partOf = (element) => element.closest("li").dataset.part;

  // KaTeX draws an equation column by column: row k is the k-th box of the first column.
  const boxes = items.map((item) => {
    const equation = item.querySelector("math").textContent;
    const row = [...document.querySelectorAll(".math-display mtr")].find((row) => row.textContent.startsWith(equation));
    const column = row.closest(".math-display").querySelector(".mtable .vlist");
    const box = column.children[[...row.parentNode.children].indexOf(row)];
    box.dataset.part = partOf(item);
    return box;
  });

  // The program is the one that holds all lines of the list. Pygments ends every element on its line, so that
  // a line can be wrapped; what of it belongs to one part alone consists of whole elements.
  const program = [...document.querySelectorAll(".language-python code")].find(({ textContent }) =>
    codes.every((code) => textContent.includes(code.textContent)));
  const texts = program.textContent.split("\n").map((line) => line.trim());
  if (!marked.has(program)) program.innerHTML = program.innerHTML.split("\n").map((html, k) => {
    const parts = codes.filter((code) => texts[k].startsWith(code.textContent)).map(partOf);
    return parts.length ? html.replace(/^( *)(.*)/, `$1<span data-part="${parts.join(" ")}">$2</span>`) : html;
  }).join("\n");
  marked.add(program);
  const lines = [...program.querySelectorAll("[data-part]")];
  for (const term of figure.querySelectorAll("li mark")) {
    const line = lines.find((line) => line.textContent.startsWith(term.parentNode.textContent));
    let at = -line.textContent.indexOf(term.textContent);
    for (const token of line.childNodes) {
      if (0 <= at && at < term.textContent.length && token.dataset) token.dataset.part = partOf(term);
      at += token.textContent.length;
    }
  }

  const names = items.map(partOf);
  figure.dataset.part = names.join(" ");
  const shared = [...program.querySelectorAll("[data-part]")].filter(({ dataset }) => dataset.part.split(" ").some((part) => names.includes(part)));
  const targets = [figure, ...boxes, ...figure.querySelectorAll("[data-part]"), ...shared];
  let pinned = [];
  const light = (parts) => {
    for (const box of boxes) box.style.setProperty("--width", `${box.closest(".mtable").offsetWidth}px`);
    for (const { dataset } of targets) {
      const own = dataset.part.split(" ").filter((part) => parts.includes(part));
      if (own.length) dataset.lit = own.length === 1 ? own[0] : "all";
      else delete dataset.lit;
    }
  };
  const rest = () => {
    const focused = svg.querySelector("a:focus-visible");
    light(focused ? [focused.dataset.part] : pinned);
  };
  const pin = (part) => {
    pinned = !part || pinned.includes(part) ? [] : [part];
    for (const button of buttons) button.setAttribute("aria-pressed", pinned.includes(button.dataset.part));
    rest();
  };

  const watch = (area, partsAt) => {
    let last;
    area.addEventListener("pointermove", (event) => {
      const found = event.pointerType === "touch" ? last : partsAt(event);
      if (found === last) return;
      last = found;
      if (found) light(found.dataset.part.split(" "));
      else rest();
    });
    area.addEventListener("pointerleave", () => {
      last = undefined;
      rest();
    });
  };
  watch(svg, (event) => event.target.closest("a"));
  watch(program, (event) => event.target.closest("[data-part]"));
  for (const display of new Set(boxes.map((box) => box.closest(".math-display")))) {
    watch(display, ({ clientY }) => boxes.find((box) => {
      const { top, bottom } = box.lastElementChild.getBoundingClientRect();
      return display.contains(box) && top <= clientY && clientY <= bottom;
    }));
  }

  for (const button of buttons) {
    const { part } = button.dataset;
    button.removeAttribute("href");
    button.setAttribute("role", "button");
    button.setAttribute("tabindex", "0");
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("focus", rest);
    button.addEventListener("blur", rest);
    button.addEventListener("click", () => pin(part));
    button.addEventListener("keydown", (event) => {
      if (!["Enter", " ", "Escape"].includes(event.key)) return;
      event.preventDefault();
      pin(event.key === "Escape" ? null : part);
    });
  }
  const linked = items.find(({ id }) => location.hash === `#${id}`);
  if (linked) pin(partOf(linked));
}
