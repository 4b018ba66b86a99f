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
  if (event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = false;
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  }
});
// No network: let the browser say so in the visitor's language.
document.addEventListener("htmx:sendError", (event) => {
  window.location.assign(event.detail.pathInfo.finalRequestPath);
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
