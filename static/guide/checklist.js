// Ticks on a checklist. They are kept in this browser and never sent anywhere.
// A module: however often a page brings it along, it runs once.

const KEY = "sim-exit ticks ";

// Of the checklist on the page; ticks of steps that are not on it (now) stay in the set.
let ticks = new Set();
let forgotten = null;
let warned = null;

const part = (name) => document.querySelector(`#ticks [data-${name}]`);
const boxes = () => [...document.querySelectorAll("li[data-step] > .tick input")];
const codeOf = (box) => box.closest("[data-step]").dataset.step;

// The store may be missing, blocked or full: then boxes tick for the visit.
function stored() {
  const name = document.getElementById("ticks").dataset.case;
  return name === undefined ? null : KEY + name;
}
function read() {
  try { return new Set((stored() && localStorage.getItem(stored()) || "").split(" ").filter(Boolean)); } catch { return new Set(); }
}
function write() {
  const key = stored();
  if (!key) return false;
  try {
    // Also when there are no ticks: only so does it show whether the store takes some.
    localStorage.setItem(key, [...ticks].join(" "));
    if (!ticks.size) localStorage.removeItem(key);
    return true;
  } catch { return false; }
}

// In a link each tick is four characters made of the step's code: the same in every
// edition, and short enough for a QR code.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export function short(code) {
  let hash = 0x811c9dc5; // FNV-1a
  for (const character of code) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  return [18, 12, 6, 0].map((shift) => DIGITS[(hash ^ hash >>> 24) >>> shift & 63]).join("");
}
function linkWithTicks() {
  // What was left out of a link has been told here: the other device need not say it.
  const address = window.location.href.split("#")[0].replace(/&dropped=[^&]*/g, "");
  const codes = boxes().map(codeOf).filter((code) => ticks.has(code)).map(short).join("");
  return codes ? `${address}#ticks=${codes}` : address;
}
function takeOver() {
  const found = window.location.hash.match(/^#ticks=(.*)$/);
  if (!found) return;
  window.history.replaceState(window.history.state, "", window.location.href.split("#")[0]);
  const wanted = new Set(found[1].match(/.{1,4}/g));
  const codes = boxes().map(codeOf).filter((code) => wanted.has(short(code)));
  const fresh = codes.filter((code) => !ticks.has(code));
  fresh.forEach((code) => ticks.add(code));
  forgotten = null;
  write();
  const words = part("note").dataset;
  const lost = codes.length < wanted.size ? words.notAll : "";
  tell([fresh.length ? words.takenOver : lost ? "" : words.nothingNew, lost].filter(Boolean).join(" "));
}

// What the page shows.
function tell(words) {
  part("note").textContent = words;
}
function isDone(item) {
  return [...item.querySelectorAll(".tick input")].every((box) => box.checked);
}
function isOpen(link) {
  const item = document.querySelector(link.getAttribute("href"));
  return item && !isDone(item);
}
/** Return the links to the steps that must be ticked before this one. */
function openFirst(box) {
  return [...box.closest("[data-step]").querySelectorAll("[data-first] a")].filter(isOpen);
}
function show() {
  for (const box of boxes()) box.checked = ticks.has(codeOf(box));
  for (const box of boxes()) {
    const waits = !box.checked && openFirst(box).length > 0;
    const reason = waits && box.closest("[data-step]").querySelector("[data-first]");
    if (reason) {
      reason.id = `first-${codeOf(box)}`;
      box.setAttribute("aria-disabled", "true");
      box.setAttribute("aria-describedby", reason.id);
    } else {
      box.removeAttribute("aria-disabled");
      box.removeAttribute("aria-describedby");
    }
  }
  if (warned && !(warned.isConnected && warned.hasAttribute("aria-disabled"))) unwarn();

  const steps = [...document.querySelectorAll("section:not([data-phase=wrong]) li[id^=step-]")];
  const done = steps.filter(isDone).length;
  part("progress").max = Math.max(steps.length, 1);
  part("progress").value = done;
  const words = part("count").dataset.count.replace("{done}", done).replace("{all}", steps.length);
  // Said again only when it has changed.
  if (part("count").textContent !== words) part("count").textContent = words;
  part("forget").hidden = !ticks.size;
  part("undo").hidden = !forgotten;
  if (part("device") && part("device").open) handOver();
}

// A step whose turn has not come says which ones come first.
function warn(box) {
  unwarn();
  warned = box;
  const item = box.closest("[data-step]");
  const message = document.createElement("div");
  message.className = "not-yet";
  message.setAttribute("role", "alert");
  const opening = document.createElement("p");
  opening.textContent = document.getElementById("ticks").dataset.notYet;
  const list = document.createElement("ul");
  for (const link of openFirst(box)) {
    const entry = document.createElement("li");
    const target = document.createElement("a");
    target.href = link.getAttribute("href");
    target.textContent = document.querySelector(`${target.hash} h3`).textContent.trim();
    entry.append(target);
    list.append(entry);
  }
  message.append(opening, list);
  // Below the title, where the box is; a folded part has no room but at its end.
  const title = item.querySelector(":scope > .what > h3");
  if (title) title.after(message);
  else item.append(message);
}
function unwarn() {
  for (const message of document.querySelectorAll(".not-yet")) message.remove();
  warned = null;
}

// To another device: a link that carries the ticks behind "#", and its QR code.
async function handOver() {
  const link = linkWithTicks();
  part("link").value = link;
  try {
    const { encode } = await import(document.getElementById("ticks").dataset.encoder);
    const code = encode(link);
    if (code && part("code") && part("link").value === link) draw(part("code"), code.rows);
  } catch { /* off line for the first time: the link does without the picture */ }
}
function draw(place, rows) {
  const make = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const size = rows.length + 8;
  const path = rows.map((row, y) => row.map((bit, x) => (bit ? `M${x + 4} ${y + 4}h1v1h-1z` : "")).join("")).join("");
  const picture = make("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": place.dataset.code, "shape-rendering": "crispEdges" });
  picture.append(make("path", { d: `M0 0h${size}v${size}h-${size}z`, fill: "#fff" }), make("path", { d: path, fill: "#000" }));
  place.replaceChildren(picture);
}

async function copy() {
  const field = part("link");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  part("copied").textContent = part("copied").dataset.copied;
}

// What the visitor does.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("li[data-step] > .tick input")) return;
  if (box.checked && box.hasAttribute("aria-disabled")) {
    box.checked = false;
    warn(box);
    return;
  }
  if (box.checked) ticks.add(codeOf(box));
  else ticks.delete(codeOf(box));
  forgotten = null;
  tell("");
  write();
  show();
});
document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches("#ticks [data-forget]")) {
    forgotten = ticks;
    ticks = new Set();
    write();
    show();
    tell(part("note").dataset.forgotten);
    part("undo").focus();
  } else if (target.matches("[data-undo]")) {
    ticks = forgotten || ticks;
    forgotten = null;
    write();
    tell("");
    show();
    part("forget").focus();
  } else if (target.matches("[data-copy]")) {
    copy();
  } else if (target.matches("[data-share]")) {
    navigator.share({ url: part("link").value }).catch(() => {});
  } else if (target.matches("a[href^='#step-']")) {
    // Some browsers do not unfold what a link leads into.
    const goal = document.querySelector(target.getAttribute("href"));
    for (let fold = goal && goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
});
document.addEventListener("toggle", (event) => {
  if (event.target.matches("#ticks [data-device]") && event.target.open) handOver();
}, true);

function begin() {
  const place = document.getElementById("ticks");
  if (!place) return;
  ticks = read();
  forgotten = null;
  const isKept = write();
  takeOver();
  const where = part("where");
  if (where) where.textContent = isKept ? where.dataset.kept : where.dataset.lost;
  for (const element of place.querySelectorAll("[data-scripted]")) element.hidden = false;
  if (part("share")) part("share").hidden = !navigator.share;
  show();
}
begin();
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "content") begin();
});
document.addEventListener("htmx:historyRestore", begin);
window.addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
window.addEventListener("hashchange", () => {
  if (!document.getElementById("ticks")) return;
  takeOver();
  show();
});
// Another tab of the same checklist.
window.addEventListener("storage", (event) => {
  if (!document.getElementById("ticks") || !stored() || (event.key !== null && event.key !== stored())) return;
  ticks = read();
  show();
});
