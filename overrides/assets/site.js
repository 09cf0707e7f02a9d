/* The sliders of figures with several frames. Small, without dependencies; without it, the frames stand one below
   the other. */
"use strict";
document.documentElement.classList.add("scripted");
/* Material says so too, but after the first paint: the sign of search would push others aside. */
document.documentElement.classList.remove("no-js");

/* The fonts of formulas stand in the style sheet, but a browser decodes them when it meets the first letter, after
   the first paint, and the lines would move. Asked now, they are ready by then. */
for (const face of document.fonts ?? []) if (/KaTeX_(Main|Math|Size)/.test(face.family)) face.load().catch(() => {});

document.addEventListener("input", ({ target }) => {
  /* The theme searches at each key: here for what is pasted, dictated, or written by hand. */
  if (target.matches(".md-search__input")) target.dispatchEvent(new Event("keyup"));
  const figure = target.matches(".slider input") && target.closest("figure");
  if (!figure) return;
  const frames = figure.querySelectorAll(".frame");
  frames.forEach((frame, number) => frame.classList.toggle("shown", number === +target.value));
  const { label } = frames[target.value].dataset;
  target.setAttribute("aria-valuetext", label); /* what a screen reader says instead of the number */
  figure.querySelector(".slider b").textContent = label;
});

/* Programs run in the page: run.js comes when somebody asks for it, or when the address holds a changed program. */
const RUN = new URL("run.js", document.currentScript.src);
document.addEventListener("click", async ({ target }) => {
  if (!target.matches(".run button")) return;
  if (target.matches(".copy")) {
    const block = target.closest("p").previousElementSibling;
    await navigator.clipboard.writeText(block.dataset.copy ?? block.querySelector("pre > code").textContent);
    if (!target.textContent.endsWith("✓")) target.append(" ✓");
    return;
  }
  import(RUN).then((run) => run.press(target), () => (target.textContent = document.documentElement.lang === "zh" ? "下载失败，再试一次" : "Not loaded, try again"));
});
document.addEventListener("change", ({ target }) => {
  if (target.matches(".live input") && target.value) import(RUN).then((run) => run.live(target));
});
const receive = () => location.hash.startsWith("#run=") && import(RUN).then((run) => run.open(location.hash));
addEventListener("DOMContentLoaded", receive);
addEventListener("hashchange", receive);

/* What can be scrolled sideways can be reached with the keyboard: wide formulas and tables, while they are too wide. */
addEventListener("load", () => {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".math-display, .md-typeset__scrollwrap").forEach((element) => watch.observe(element));
});

/* A formula is copied as its LaTeX. What KaTeX draws would come letter by letter, and then once more. */
document.addEventListener("copy", (event) => {
  const selected = getSelection();
  if (!selected.rangeCount) return;
  const range = selected.getRangeAt(0).cloneRange();
  const around = (node) => (node.closest ? node : node.parentElement).closest(".math");
  const first = around(range.startContainer);
  if (first) range.setStartBefore(first);
  const last = around(range.endContainer);
  if (last) range.setEndAfter(last);
  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  const formulas = copied.querySelectorAll(".math");
  if (selected.isCollapsed || !formulas.length) return;
  for (const one of formulas) {
    const latex = document.createElement("span");
    latex.style.whiteSpace = "pre";
    latex.textContent = one.matches(".math-display") ? `$$\n${one.dataset.tex}\n$$` : `$${one.dataset.tex}$`;
    one.replaceWith(latex);
  }
  document.body.append(copied); /* laid out, its paragraphs are lines */
  event.clipboardData.setData("text/plain", copied.innerText.trim());
  event.clipboardData.setData("text/html", copied.innerHTML);
  copied.remove();
  event.preventDefault();
});
