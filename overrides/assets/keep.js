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
  const keep = addresses => {
    for (const address of addresses) if (new URL(address).origin === location.origin) loaded.add(address);
    worker.active.postMessage({ page: location.href.replace(/#.*/, ""), loaded: [...loaded] });
  };
  /* also what is loaded later, such as the search (assets/search.js) */
  new BroadcastChannel("loaded").onmessage = ({ data }) => keep(data);
  new PerformanceObserver(list => keep(list.getEntries().map(({ name }) => name))).observe({ type: "resource", buffered: true });
})(document.currentScript).catch(() => {}); /* where the browser forbids storage */
