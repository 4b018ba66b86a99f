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
