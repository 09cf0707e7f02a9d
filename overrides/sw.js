/* The service worker: keeps the pages that were read, with all they need, for where there is no network.

   Online, a page always comes from the network; its kept copy is shown only where the network fails, or is silent for
   PATIENCE. A file that a page loads has the hash of its bytes in its address (?v=, see sitebuild/finish/offline_zip.py): it never
   changes, and may come from what is kept. A page is stored after all the files that it names, each checked against
   its hash, and replaces its older copy in one step; what no kept page needs is deleted. So a page and a style sheet
   of different editions never meet. */
"use strict";

const KEPT = `kept-1 ${registration.scope}`; /* sites of one host share their caches: the scope tells them apart */
const PATIENCE = 3000; /* ms */
const MOST = 200; /* pages */
const PYTHON = `python ${KEPT}`; /* tens of megabytes, for those only who have run a program */
const SEARCH = /\/(search|workers)\/[^\/]+$/; /* loaded by a worker, where no page sees it */

const plain = url => url.replace(/[?#].*/, "").replace(/\/index\.html$/, "/");
const version = url => new URL(url).searchParams.get("v");
const slow = () => new Promise(done => setTimeout(done, PATIENCE));

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));

addEventListener("fetch", event => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || new URL(url).origin !== location.origin) return;
  /* a redirect is the browser's to follow: the address bar has to show it */
  if (mode === "navigate") event.respondWith(fromNetwork(new Request(url, { redirect: "manual" }), plain(url)).catch(notice));
  else if (version(url)) event.respondWith(exact(url).then(({ file }) => file));
  else if (url.includes("/pyodide/")) event.respondWith(runtime(event, url));
  else if (SEARCH.test(url)) event.respondWith(searched(event.request, url));
  else event.respondWith(fromNetwork(event.request, url));
});

async function kept(url) {
  return (await caches.open(KEPT)).match(url);
}

/* The network's answer, asked for anew and not from the browser's cache; what is kept under `key` if there is none. */
async function fromNetwork(request, key) {
  const answer = fetch(request, { cache: "no-cache" });
  const inTime = await Promise.race([answer, slow()]).catch(() => {});
  if (inTime && inTime.status < 500) return inTime;
  return (await kept(key)) || answer;
}

/* A file of the search, kept as soon as it is used. */
async function searched(request, url) {
  const answer = await fromNetwork(request, url);
  if (answer.ok) await (await caches.open(KEPT)).put(url, answer.clone());
  return answer;
}

/* A file of Python. The name of its folder is a hash of all that is in it, so what is kept is right; run-worker.js
   compares it with the release all the same, and asks for what is damaged anew; run.js clears other releases away. */
async function runtime(event, url) {
  const cache = await caches.open(PYTHON);
  const file = await cache.match(url);
  if (file && event.request.cache !== "reload") return file;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(cache.put(url, answer.clone()));
  return answer;
}

/* The file of an address with a version: what is kept, or what the browser or the network has. `right` is false where
   none of them has what the version promises: then it is what they have, as it would be without a worker. */
async function exact(url) {
  const cache = await caches.open(KEPT);
  let file = await cache.match(url);
  if (file) return { file, right: true };
  for (const mode of ["force-cache", "reload"]) {
    const answer = await fetch(url, { cache: mode });
    const bytes = await answer.arrayBuffer();
    const right = answer.ok && (await hash(bytes)).startsWith(version(url));
    file = new Response(bytes, answer);
    if (right) {
      await cache.put(url, file.clone());
      return { file, right };
    }
  }
  file.headers.set("Cache-Control", "no-store"); /* ask again next time */
  return { file, right: false };
}

/* keep.js tells which page was read, and the addresses of all that it has loaded. One page after the other: */
let last = Promise.resolve();
addEventListener("message", event => {
  last = last.then(() => keep(event.data.page, event.data.loaded)).catch(() => {}); /* the older copy stays */
  event.waitUntil(last);
});

async function keep(page, loaded) {
  const cache = await caches.open(KEPT);
  const answer = await fetch(page, { cache: "force-cache" }); /* the browser has just read it: no second download */
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  const named = [...html.matchAll(/\s(?:href|src)="([^"]+\?v=[^"]+)"/g)].map(([, link]) => new URL(link, page).href);
  await Promise.all(named.map(url => store(cache, url)));
  /* fonts, the search and the like: whatever can be had */
  await Promise.allSettled(loaded.map(url => store(cache, url)));
  const [, title] = html.match(/<title>([^]*?)<\/title>/) || [, page];
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Title": encodeURIComponent(title),
    "X-Needs": [...new Set([...named, ...loaded])].join(" "),
    "X-Read": Date.now(),
  };
  await cache.put(plain(page), new Response(html, { headers }));
  await tidy(cache);
}

async function store(cache, url) {
  if (version(url)) {
    if (!(await exact(url)).right) throw new Error(`not what the page asks for: ${url}`);
  } else {
    const file = await fetch(url, { cache: "force-cache" });
    if (file.ok) await cache.put(url, file);
  }
}

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join("");
}

/* Every kept page, the last read first: { url, title, needs }. */
async function pages(cache) {
  const found = [];
  for (const { url } of await cache.keys()) {
    const { headers } = await cache.match(url);
    const read = +headers.get("X-Read");
    if (!read) continue;
    found.push({ url, read, title: decodeURIComponent(headers.get("X-Title")), needs: headers.get("X-Needs").split(" ") });
  }
  return found.sort((a, b) => b.read - a.read);
}

async function tidy(cache) {
  const stay = (await pages(cache)).slice(0, MOST);
  const wanted = new Set(stay.flatMap(({ url, needs }) => [url, ...needs]));
  for (const { url } of await cache.keys()) if (!wanted.has(url) && !SEARCH.test(url)) await cache.delete(url);
}

/* What is shown instead of a page that is not kept. */
async function notice() {
  const all = await pages(await caches.open(KEPT));
  const list = lang =>
    all
      .filter(({ url }) => url.startsWith(`${registration.scope}en/`) === (lang === "en"))
      .map(({ url, title }) => `<li><a href="${url}">${title.replace(/ - [^-]*$/, "").replace(/</g, "&lt;")}</a></li>`)
      .join("");
  const part = (lang, title, text, again, read) => `<section lang="${lang}"><h1>${title}</h1>
    <p>${text}<a href="">${again}</a></p>${list(lang) && `<h2>${read}</h2><ul>${list(lang)}</ul>`}</section>`;
  const html = `<!doctype html><html lang="zh"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
    <title>没有网络 · No network</title><style>
      body { max-width: 40rem; margin: 0 auto; padding: 0 1rem 2rem; font: 1rem/1.6 system-ui, sans-serif }
      h1 { font-size: 1.4rem; margin: 2rem 0 0.5rem } h2 { font-size: 1rem } li { margin: 0.4rem 0 }
    </style></head><body>
    ${part("zh", "没有网络", "这一页还没有读过，所以没有存下来。", "再试一次", "存下来的页面：")}
    ${part("en", "No network", "This page has not been read before, so no copy was kept. ", "Try again", "Pages that were kept:")}
    </body></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
