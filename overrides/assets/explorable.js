// A figure becomes live when it comes near: explorables/NAME.js draws in its place. Where that fails, the figure stays.
const SCRIPTS = {
  digits: new URL("explorables/digits.js", import.meta.url),
  story: new URL("explorables/story.js", import.meta.url),
  carousel: new URL("explorables/carousel.js", import.meta.url),
  conflict: new URL("explorables/conflict.js", import.meta.url),
  depth: new URL("explorables/depth.js", import.meta.url),
};
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    import(SCRIPTS[target.dataset.explorable])
      .then(({ draw, WORDS }) => draw(target, WORDS[document.documentElement.lang.slice(0, 2)]))
      .catch((error) => {
        target.style.setProperty("--room", "auto");
        throw error;
      });
  }
}, { rootMargin: "50%" });

// The page itself comes first: nothing is loaded before its reader stirs, or for half a second.
const waiting = new AbortController();
function watch() {
  if (waiting.signal.aborted) return;
  waiting.abort();
  document.querySelectorAll("[data-explorable]").forEach((figure) => near.observe(figure));
}
for (const sign of ["scroll", "pointermove", "touchstart", "keydown"]) {
  addEventListener(sign, watch, { passive: true, signal: waiting.signal });
}
addEventListener("load", () => setTimeout(watch, 500));
