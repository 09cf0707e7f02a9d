/* Asks the service worker, sw.js, to keep this page with all it has loaded, once it stands. */
"use strict";
(async script => {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done));
  await new Promise(done => (self.requestIdleCallback || setTimeout)(done));
  await serviceWorker.register(new URL("../sw.js", script.src));
  const worker = await serviceWorker.ready;
  const loaded = new Set();
  // also what is loaded later, such as the search
  new PerformanceObserver(list => {
    for (const { name } of list.getEntries()) if (new URL(name).origin === location.origin) loaded.add(name);
    worker.active.postMessage({ page: location.href.replace(/#.*/, ""), loaded: [...loaded] });
  }).observe({ type: "resource", buffered: true });
})(document.currentScript).catch(() => {}); // where the reader's browser forbids storage
