// The worker that runs programs for run.js. It is told once what Python is made of, then one program after the other.
// One text for both kinds of workers: Pyodide is a module today and was a script for importScripts before.
"use strict";
const tell = self.postMessage.bind(self);
let pyodide;

self.onmessage = async ({ data }) => {
  try {
    if (data.release) {
      await load(data);
      tell({ ready: true });
    } else {
      tell({ answer: await call("answer", data.request) });
    }
  } catch (error) {
    tell({ failed: error.message || String(error) });
  }
};

async function load({ release, home, modules, font }) {
  const names = Object.keys(release.files);
  let loaded = 0;
  await Promise.all(names.map((name) => fetched(home + name, release.files[name], (bytes) => tell({ loaded: loaded += bytes }))));
  tell({ starting: true });
  if (release.kind === "module") ({ loadPyodide: self.loadPyodide } = await import(home + release.script));
  else importScripts(home + release.script);
  pyodide = (await self.loadPyodide({ indexURL: home, packageBaseUrl: home })) || self.pyodide;
  await pyodide.loadPackage(release.packages);
  if (font) modules["metrics.ttf"] = base64(new Uint8Array(font));
  await pyodide.runPythonAsync(`
import base64, json, pathlib, sys
for path, text in json.loads(${python(modules)}).items():
    file = pathlib.Path("/site", path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(base64.b64decode(text) if file.suffix == ".ttf" else text.encode())
sys.path.insert(0, "/site")
from sitebuild.programs import in_browser`);
  lock();
}

// Fetches a file so that the browser has it when Pyodide asks, and compares it with what the release says of it.
async function fetched(address, { bytes, sha256 }, report) {
  for (const cache of ["default", "reload"]) {
    const answer = await fetch(address, { cache });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    const data = new Uint8Array(bytes);
    let at = 0;
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done || at + value.length > bytes) break;
      data.set(value, at);
      at += value.length;
      report(value.length);
    }
    // only a page from a safe origin can compute a hash
    const hash = self.crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", data)) : null;
    if (at === bytes && (!hash || hex(hash) === sha256)) return;
    report(-at);
  }
  throw new Error(`${address} is not the file that was published`);
}

// A program may come from anybody by a link. What this site has stored in the browser, other pages and other workers
// are out of its reach: a worker that is not locked could put a page of its own among those kept for reading offline.
function lock() {
  const names = ["caches", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "WebTransport", "EventSource",
    "BroadcastChannel", "Worker", "SharedWorker", "importScripts", "storage", "serviceWorker", "cookieStore",
    "webkitRequestFileSystem", "webkitRequestFileSystemSync"];
  for (const owner of [self, self.navigator])
    for (let object = owner; object && object !== Object.prototype; object = Object.getPrototypeOf(object))
      for (const name of names) delete object[name];
}

const call = (name, request) => pyodide.runPythonAsync(`from sitebuild.programs import in_browser\nin_browser.${name}(${python(request)})`);

// JSON as a Python literal: a string in JSON is one in Python, too.
const python = (data) => JSON.stringify(JSON.stringify(data));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
