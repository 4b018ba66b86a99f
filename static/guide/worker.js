// Keeps checklists on the device and shows them again when there is no network.
// Loaded by /sw.js, which says in GUIDE what there is to keep. With a network the
// network answers, always: what was kept is only shown when it does not.
"use strict";

const PAGES = "sim-exit pages";
const LETTERS = "sim-exit letters"; // of the checklists that are kept
const FILES = "sim-exit files"; // what these pages need, and the lists of what is kept
const MOST_PAGES = 20;
const MOST_LETTERS = 60;
const PATIENCE_MS = 15000; // then a network that says nothing counts as none
const KEPT_AT = "X-Kept-At";
const ADDRESS = "X-Kept-Address";

const lists = Object.values(GUIDE.lists).map((path) => new URL(path, location.origin).href);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  const address = event.data && event.data.keep;
  if (typeof address === "string" && isKeepable(new URL(address))) event.waitUntil(refresh(address));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    // Whole pages only, and visitors' ones: the desk and previews are not ours, and
    // fragments (HX-Request) are no navigation.
    if (isVisitors(url)) event.respondWith(page(event, url));
  } else if (url.pathname.startsWith(GUIDE.static)) {
    event.respondWith(file(request, url));
  }
});

// A new publication or a new program: fetch anew what is kept, then tidy up.
async function install() {
  // One after the other: they share their files.
  for (const address of lists) await refreshList(address);
  for (const name of [LETTERS, PAGES]) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const found = await pages.match(request);
      if (found) await refresh(found.headers.get(ADDRESS) || request.url, name);
    }
  }
  await self.skipWaiting();
}
async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("sim-exit ") && ![PAGES, LETTERS, FILES].includes(name)) await caches.delete(name);
  }
  await tidy();
  await self.clients.claim();
}

// Pages

async function page(event, url) {
  const network = fetch(event.request);
  try {
    const response = await patiently(network, () => kept(url));
    if (response.status >= 500) return (await kept(url)) || response;
    if (response.ok && isKeepable(url) && !response.headers.has(KEPT_AT)) {
      event.waitUntil(keep(url.href, response.clone()));
    }
    return response;
  } catch {
    return (await kept(url)) || (await list(url)) || Response.error();
  }
}

/** Wait for the network; when it takes too long and there is another way, go that way. */
async function patiently(network, instead) {
  const silence = Symbol("silence");
  const timeout = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, silence));
  const first = await Promise.race([network, timeout]);
  if (first !== silence) return first;
  network.catch(() => {});
  return (await instead()) || network;
}

function isVisitors(url) {
  return url.pathname === GUIDE.root || Object.values(GUIDE.starts).some((start) => url.pathname.startsWith(start));
}
function isKeepable(url) {
  return url.origin === location.origin && GUIDE.keep.some((start) => url.pathname.startsWith(start));
}

/** A case is kept once: whichever publication its link names, and with no notices. */
function keyOf(url) {
  const key = new URL(url);
  key.hash = "";
  key.searchParams.delete("v");
  key.searchParams.delete("dropped");
  return key.href;
}

async function refresh(address, name = PAGES) {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    // Answers that no longer lead to a checklist: what was kept is all there is.
    if (response.ok && isKeepable(new URL(response.url))) await keep(address, response, name);
  } catch { /* off line: what was kept stays */ }
}

async function keep(address, response, name = PAGES) {
  try {
    if (/no-store/.test(response.headers.get("Cache-Control") || "")) return;
    const html = await response.text();
    await keepFiles(html);
    const pages = await caches.open(name);
    const key = keyOf(address);
    await pages.delete(key); // it moves to the end: the oldest ones go first
    await pages.put(key, copyOf(response, html, { [KEPT_AT]: new Date().toISOString(), [ADDRESS]: address }));
    const keys = await pages.keys();
    const most = name === PAGES ? MOST_PAGES : MOST_LETTERS;
    for (const old of keys.slice(0, Math.max(0, keys.length - most))) await pages.delete(old);
    if (name === PAGES && isChecklist(new URL(address))) await keepLetters(html);
  } catch { /* no room, or no store */ }
}

function isChecklist(url) {
  return Object.values(GUIDE.starts).some((start) => url.pathname === `${start}checklist/`);
}
/** Some letters of a checklist are written when the line is long dead. */
async function keepLetters(html) {
  const letters = await caches.open(LETTERS);
  const links = [...html.matchAll(/href="([^"#]+\/letters\/[\w-]+\/\?[^"#]+)"/g)].map((match) => match[1].replaceAll("&amp;", "&"));
  for (const path of new Set(links)) {
    const url = new URL(path, location.origin);
    if (isKeepable(url) && !(await letters.match(keyOf(url)))) await refresh(url.href, LETTERS);
  }
}

async function kept(url) {
  const pages = [await caches.open(PAGES), await caches.open(LETTERS)];
  const found = (await pages[0].match(keyOf(url))) || (await pages[1].match(keyOf(url)));
  return found && marked(found, "data-kept", found.headers.get(KEPT_AT));
}

// Instead of a page that is not kept: the list of those that are.

async function refreshList(address) {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    if (!response.ok) return;
    const html = await response.text();
    await keepFiles(html);
    await caches.open(FILES).then((files) => files.put(address, copyOf(response, html)));
  } catch { /* the others may have better luck */ }
}

async function list(url) {
  const codes = Object.keys(GUIDE.lists);
  const wanted = navigator.language.toLowerCase();
  const code = codes.find((known) => url.pathname.startsWith(GUIDE.starts[known]))
    || codes.find((known) => known.slice(0, 2) === wanted.slice(0, 2))
    || "en";
  const found = await caches.match(GUIDE.lists[code], { cacheName: FILES });
  const isAsked = url.pathname === GUIDE.lists[code];
  return found && (isAsked ? found : marked(found, "data-missing", "true"));
}

// Files

async function file(request, url) {
  // A name with a fingerprint never stands for anything else.
  if (/\.[0-9a-f]{12}\.\w+$/.test(url.pathname)) {
    return (await caches.match(request, { cacheName: FILES })) || fetch(request);
  }
  return fetch(request).catch(async () => (await caches.match(request, { cacheName: FILES })) || Response.error());
}

function filesIn(html) {
  const found = [...html.matchAll(/="([^"#?]+)"/g)].map((match) => match[1]);
  return [...new Set(found.filter((path) => path.startsWith(GUIDE.static)))];
}

async function keepFiles(html) {
  const files = await caches.open(FILES);
  await Promise.all(filesIn(html).map(async (path) => {
    if (/\.[0-9a-f]{12}\.\w+$/.test(path) && (await files.match(path))) return;
    const response = await fetch(path);
    if (response.ok) await files.put(path, response);
  }));
}

/** Delete the files that no page on the device needs any more. */
async function tidy() {
  const files = await caches.open(FILES);
  const needed = new Set(lists);
  const whole = lists.map((address) => files.match(address));
  for (const name of [PAGES, LETTERS]) {
    const pages = await caches.open(name);
    whole.push(...(await pages.keys()).map((key) => pages.match(key)));
  }
  for (const found of await Promise.all(whole)) {
    if (!found) continue;
    for (const path of filesIn(await found.text())) needed.add(new URL(path, location.origin).href);
  }
  for (const request of await files.keys()) {
    if (!needed.has(request.url)) await files.delete(request);
  }
}

// Copies of responses. They are made anew: one that came by a redirect may not answer.

function copyOf(response, html, more = {}) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Transfer-Encoding", "Vary"]) headers.delete(name);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(html, { headers });
}

async function marked(response, attribute, value) {
  const html = await response.text();
  return copyOf(response, html.replace("<html ", `<html ${attribute}="${value}" `));
}
