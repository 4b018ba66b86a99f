// What is kept on this device: the list of it, and the button that deletes it.
// A module: however often a page brings it along, it runs once.

const PAGES = "sim-exit pages"; // as in worker.js

async function showList() {
  const list = document.querySelector("[data-kept-list]");
  if (!list) return;
  if (document.documentElement.dataset.missing) document.querySelector("[data-missing-page]").hidden = false;
  const found = await keptPages();
  list.replaceChildren(...found.map((page) => entry(page, list.dataset.keptList)));
  document.querySelector("[data-none]").hidden = found.length > 0;
}

async function keptPages() {
  if (!("caches" in window)) return [];
  try {
    if (!(await caches.has(PAGES))) return [];
    const pages = await caches.open(PAGES);
    const found = await Promise.all((await pages.keys()).map((key) => pages.match(key)));
    return (await Promise.all(found.filter(Boolean).map(read))).reverse();
  } catch {
    return [];
  }
}

async function read(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const words = (selector) => (page.querySelector(selector)?.textContent || "").replace(/\s+/g, " ").trim();
  return {
    address: response.headers.get("X-Kept-Address"),
    at: new Date(response.headers.get("X-Kept-At")),
    language: page.documentElement.lang,
    title: words("h1"),
    about: words(".case"),
  };
}

function entry({ address, at, language, title, about }, asOf) {
  const here = document.documentElement.lang;
  const moment = at.toLocaleString(here === "en" ? "en-GB" : here, { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.lang = language;
  link.textContent = title;
  const details = document.createElement("p");
  details.className = "small";
  details.lang = language;
  details.textContent = about;
  const age = document.createElement("p");
  age.className = "small";
  age.textContent = asOf.replace("{moment}", moment);
  item.append(link, details, age);
  return item;
}

async function forget() {
  try { localStorage.clear(); } catch { /* no store */ }
  try { sessionStorage.clear(); } catch { /* no store */ }
  if ("serviceWorker" in navigator) {
    const all = await navigator.serviceWorker.getRegistrations();
    await Promise.all(all.map((registration) => registration.unregister()));
  }
  if ("caches" in window) {
    for (const name of await caches.keys()) await caches.delete(name);
  }
}

document.addEventListener("click", async (event) => {
  const place = event.target.closest("[data-forget-all]");
  if (!place) return;
  const ask = place.querySelector("[data-ask]");
  const sure = place.querySelector("[data-sure]");
  const done = place.querySelector("[data-done]");
  if (event.target.matches("[data-ask]")) {
    ask.hidden = true;
    sure.hidden = false;
    done.textContent = "";
    sure.querySelector("[data-yes]").focus();
  } else if (event.target.matches("[data-yes], [data-no]")) {
    const isSure = event.target.matches("[data-yes]");
    sure.hidden = true;
    ask.hidden = false;
    ask.focus();
    if (!isSure) return;
    try {
      await forget();
      done.textContent = done.dataset.done;
    } catch {
      done.textContent = done.dataset.failed;
    }
    showList();
  }
});
for (const place of document.querySelectorAll("[data-ask]")) place.hidden = false;
showList();
document.addEventListener("htmx:afterSettle", () => {
  for (const place of document.querySelectorAll("[data-ask]")) place.hidden = false;
  showList();
});
