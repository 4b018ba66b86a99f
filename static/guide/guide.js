// Makes the guide smoother; everything works without it.
"use strict";

document.documentElement.classList.add("scripted");

// After a swap, say where the visitor is: focus goes to the new heading.
function showHeading() {
  const heading = document.querySelector("main h1");
  if (!heading) return;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

// What was left out has been told: the link that people keep does without it.
function tidyAddress() {
  const address = new URL(window.location.href);
  if (!address.searchParams.has("dropped")) return;
  address.searchParams.delete("dropped");
  window.history.replaceState(window.history.state, "", address);
}
tidyAddress();
document.addEventListener("htmx:pushedIntoHistory", tidyAddress);

// A question that was answered is left at the address that holds the answer: Back, of the
// browser as of the page, then leads to the question as it was left.
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const { elt: asker, formData } = event.detail.requestConfig;
  if (!asker.matches("form[data-again]")) return;
  const { again, question } = asker.dataset;
  const isAnswer = ([name, value]) => value && !["ask", "v"].includes(name);
  const answers = new URLSearchParams([...formData].filter(isAnswer));
  if (answers.has(question)) window.history.replaceState(window.history.state, "", `${again}?${answers}`);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "content") showHeading();
});
document.addEventListener("htmx:historyRestore", showHeading);

// htmx notes the address, answers included, in the session storage. Nothing is kept here.
function forgetAddress() {
  try { sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* no storage at all */ }
}
forgetAddress();
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
  document.addEventListener(name, forgetAddress);
}

// A server that answers with an error still answers with a page: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && !event.detail.shouldSwap) showPage(event);
});
// No network: let the browser say so in the visitor's language.
document.addEventListener("htmx:sendError", showPage);

function showPage(event) {
  const asker = event.detail.requestConfig.elt;
  if (asker.matches(".report-form")) {
    // What was typed stays where it is.
    const message = asker.querySelector(".report-failed");
    message.hidden = false;
    message.focus();
  } else if (asker.matches(".report-open")) {
    asker.form.requestSubmit(asker);
  } else {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  }
}

// The form for a report opens where something is wrong, and closes without losing words.
function slotOf(button) {
  return button.closest(".source").nextElementSibling;
}
function showReport(slot, isShown) {
  const button = slot.previousElementSibling.querySelector(".report-open");
  slot.hidden = !isShown;
  button.setAttribute("aria-expanded", String(isShown));
  if (isShown) {
    slot.querySelector("textarea, p[tabindex]").focus();
    return;
  }
  if (!slot.querySelector("form")) slot.replaceChildren();
  button.focus();
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const asker = event.detail.elt;
  if (asker.matches(".report-form")) asker.querySelector(".report-failed").hidden = true;
  if (!asker.matches(".report-open") || !slotOf(asker).firstElementChild) return;
  event.preventDefault();
  showReport(slotOf(asker), slotOf(asker).hidden);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const slot = event.detail.target;
  if (slot && slot.matches(".report-slot")) showReport(slot, true);
});
document.addEventListener("click", (event) => {
  const slot = event.target.closest(".report-slot");
  if (slot && event.target.matches("[data-report-close]")) showReport(slot, false);
});
document.addEventListener("keydown", (event) => {
  // While Chinese is being typed, Escape belongs to the keyboard.
  if (event.key !== "Escape" || event.isComposing) return;
  const slot = event.target.closest(".report-slot");
  if (slot) showReport(slot, false);
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches) return;

  // "None of these" and the others exclude each other.
  if (input.matches(".choices input[type=checkbox]") && input.checked) {
    const isExclusive = input.hasAttribute("data-exclusive");
    for (const other of input.form.querySelectorAll(".choices input:checked")) {
      if (other === input) continue;
      if (isExclusive || other.hasAttribute("data-exclusive")) other.checked = false;
    }
  }

  // A date and "I do not know yet" exclude each other.
  if (input.matches("[data-day]") && input.value) {
    for (const other of input.form.querySelectorAll(".choices input:checked")) other.checked = false;
  }
  if (input.matches(".choices input[type=radio]") && input.checked) {
    const day = input.form.querySelector("[data-day]");
    if (day) day.value = "";
  }
});

// The list of operators narrows as the visitor types.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrows]")) return;
  const plain = (text) => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const wanted = plain(event.target.value);
  for (const choice of document.querySelectorAll(".choice[data-names]")) {
    const isChosen = choice.querySelector("input").checked;
    choice.hidden = !isChosen && wanted !== "" && !plain(choice.dataset.names).includes(wanted);
  }
});

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-print]")) window.print();
});

// A checklist that was opened opens again without a network: the worker keeps it.
// Nothing is registered before, so nothing is kept of those who only look around.
const workerAddress = document.currentScript.dataset.worker;
// A worker that answers for the page has kept it on its way.
let keptAddress = hasWorkers() && navigator.serviceWorker.controller ? currentAddress() : "";

function hasWorkers() {
  return Boolean(workerAddress) && "serviceWorker" in navigator;
}
function currentAddress() {
  return window.location.href.split("#")[0];
}
async function keepPage() {
  if (!hasWorkers() || !document.querySelector("main[data-keep]")) return;
  try {
    await navigator.serviceWorker.register(workerAddress);
    const registration = await navigator.serviceWorker.ready;
    if (currentAddress() === keptAddress || !document.querySelector("main[data-keep]")) return;
    keptAddress = currentAddress();
    registration.active.postMessage({ keep: keptAddress });
  } catch { /* not allowed, or no room: everything else works */ }
}

// A page that comes from the device says so, and from when it is.
function showOffline() {
  const { kept } = document.documentElement.dataset;
  const notice = document.querySelector("[data-off-line]");
  if (!kept || !notice) return;
  const moment = new Date(kept);
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const day = moment.toLocaleDateString(language, { dateStyle: "long" });
  const clock = moment.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const words = navigator.onLine ? notice.dataset.noAnswer : notice.dataset.offLine;
  notice.hidden = false;
  notice.querySelector("[data-words]").textContent = words.replace("{day}", day).replace("{clock}", clock);
  notice.querySelector("a").href = currentAddress();
}
window.addEventListener("online", showOnline);
function showOnline() {
  const back = document.querySelector("[data-off-line] [data-back]");
  if (back) back.hidden = false;
}

// What goes onto the home screen is the checklist in sight.
function nameStart() {
  const main = document.querySelector("main[data-manifest]");
  const link = document.querySelector("link[rel=manifest]");
  if (main && link) link.href = main.dataset.manifest;
}

function takeAlong() {
  nameStart();
  keepPage();
}
showOffline();
takeAlong();
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "content") takeAlong();
});
document.addEventListener("htmx:historyRestore", takeAlong);
