// Stands in for the theme's search worker until a reader types: only then are that worker (12 kB) and the index
// (over 100 kB) fetched. The theme's script loads both with every page.
// Messages of the theme: 0 set up, 1 ready, 2 query, 3 result.
"use strict";
let setup, query, loading;
const tell = self.postMessage.bind(self);

addEventListener("message", hear);

function hear({ data: { type, data } }) {
  if (type === 0) {
    setup = data; // its documents are a placeholder
    tell({ type: 1 });
  } else if (type === 2) {
    query = data;
    tell({ type: 3, data: { items: [] } });
    if (query.trim()) loading ??= load().catch(() => (loading = undefined)); // offline: the next key tries again
  }
}

async function load() {
  const found = await fetch(new URL("../../../" + setup.config.index, location));
  if (!found.ok) throw new Error(found.status);
  const index = await found.json();
  importScripts("search.real.js");
  removeEventListener("message", hear);
  self.postMessage = (message) => {
    // ready: now what has been typed meanwhile
    self.postMessage = tell;
    send(2, query);
  };
  addEventListener("message", ({ data: { type, data } }) => type === 2 && (query = data));
  send(0, { ...setup, docs: index.docs });
}

const send = (type, data) => dispatchEvent(new MessageEvent("message", { data: { type, data } }));
