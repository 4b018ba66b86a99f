// Ticks stay in this browser; where it keeps nothing for files, they last for the visit.
"use strict";
const boxes = document.querySelectorAll("input[data-step]");
const key = `sim-exit-file-${document.documentElement.dataset.case}`;
let ticked = [];
try { ticked = JSON.parse(localStorage.getItem(key)) || []; } catch { ticked = []; }
for (const box of boxes) {
  box.checked = ticked.includes(box.dataset.step);
  box.addEventListener("change", () => {
    const now = [...boxes].filter((one) => one.checked).map((one) => one.dataset.step);
    try { localStorage.setItem(key, JSON.stringify(now)); } catch { /* Nothing is lost but the next visit. */ }
  });
}
const unfold = (open) => () => { for (const one of document.querySelectorAll("details")) one.open = open; };
window.addEventListener("beforeprint", unfold(true));

// What is typed into a letter stands in this page alone: it is neither kept nor sent.
// The letter is in its own language; who types hears what belongs there in theirs.
function openToType(blank, label, language) {
  if (language) blank.lang = language;
  try { blank.contentEditable = "plaintext-only"; } catch { blank.contentEditable = "true"; }
  blank.spellcheck = false;
  blank.setAttribute("role", "textbox");
  blank.setAttribute("aria-label", label.slice(1, -1));
  if (blank.dataset.lines) blank.setAttribute("aria-multiline", "true");
}
async function copyText(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Some browsers give files no clipboard: there the text stands selected.
    const near = button.parentElement;
    const field = near.querySelector("textarea") || near.appendChild(document.createElement("textarea"));
    field.setAttribute("aria-label", button.textContent);
    field.readOnly = true;
    field.value = text;
    field.select();
    if (!document.execCommand("copy")) return false;
    field.remove();
  }
  return true;
}
for (const letter of document.querySelectorAll(".letter")) {
  const blanks = [...letter.querySelectorAll("[data-blank]")];
  const labels = new Map(blanks.map((blank) => [blank, blank.textContent]));
  const own = [...letter.querySelectorAll("article > :not(.gloss)")];
  const article = letter.querySelector("article");
  const beside = blanks.filter((one) => one.closest(".gloss"));
  const empty = (blank) => {
    const label = document.createElement("span");
    label.textContent = labels.get(blank);
    if (blank.lang) label.lang = article.lang;
    blank.replaceChildren(label);
  };
  for (const blank of blanks.filter((one) => !beside.includes(one))) {
    const same = beside.find((one) => one.dataset.blank === blank.dataset.blank);
    openToType(blank, labels.get(same || blank), same && same.closest(".gloss").lang);
    blank.dataset.label = labels.get(blank);
    empty(blank);
    // A click has put the caret into the words that are now gone.
    for (const name of ["focus", "click"]) blank.addEventListener(name, () => {
      if (blank.matches(".filled")) return;
      blank.textContent = "";
      getSelection().collapse(blank, 0);
    });
    blank.addEventListener("blur", () => { if (blank.matches(".filled")) blank.textContent = blank.innerText.trim(); else empty(blank); });
    blank.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && !blank.dataset.lines) event.preventDefault();
    });
    blank.addEventListener("input", () => {
      const typed = blank.innerText.trim();
      if (!typed) blank.textContent = "";
      for (const one of blanks.filter((other) => other.dataset.blank === blank.dataset.blank)) {
        one.classList.toggle("filled", typed !== "");
        if (one === blank) continue;
        if (typed) one.textContent = typed; else empty(one);
      }
    });
  }
  const status = letter.querySelector("[role=status] span");
  const copy = letter.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    status.hidden = true;
    const text = own.map((one) => one.innerText.trim()).join("\n\n");
    status.hidden = !await copyText(text, copy);
  });
  letter.querySelector("[data-print]").addEventListener("click", () => {
    document.body.classList.add("alone");
    letter.classList.add("printed");
    window.print();
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("alone");
    letter.classList.remove("printed");
  });
  for (const hidden of letter.querySelectorAll("[data-fill]")) hidden.hidden = false;
}
const unfoldTarget = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.matches("details")) target.open = true;
};
window.addEventListener("hashchange", unfoldTarget);
unfoldTarget();
