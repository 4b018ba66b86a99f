// Fills a letter in. What is typed stays in this page: nothing of it is ever sent, and
// nothing is kept unless the visitor asks for it.
// A module: however often a page brings it along, it runs once.

const KEY = "sim-exit letters";
// Windows hands longer addresses to no e-mail program.
const LONGEST_MAIL = /Windows/.test(navigator.userAgent) ? 2000 : 8000;

// Of all letters of this visit: another language of a letter takes over what was typed.
let typed = new Map(); // by the code of what belongs there
let emptied = null; // what the fields held before they were emptied
const changed = new Map(); // paragraphs whose words were changed, by letter and language
let isTaken = true; // nothing would be lost by leaving

const letter = () => document.getElementById("letter");
const fields = () => [...document.querySelectorAll("[data-fill]")];
const blanks = () => [...letter().querySelectorAll("[data-identifier]")];
const own = () => [...letter().querySelectorAll(".own")];
const remember = () => document.querySelector("[data-remember]");
const edit = () => document.querySelector("[data-edit]");

// What is remembered on this device, if anything.
function remembered() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return found && new Map(Object.entries(found).filter(([, words]) => typeof words === "string"));
  } catch { return null; }
}
function store() {
  // The day of writing is another one next time.
  const passing = fields().filter((field) => field.dataset.suggested === "today").map((field) => field.dataset.fill);
  // Another tab may have remembered more.
  const known = new Map([...(remembered() || []), ...typed]);
  const lasting = [...known].filter(([code, words]) => words && !passing.includes(code));
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(lasting)));
    return true;
  } catch { return false; }
}
function forget() {
  try { localStorage.removeItem(KEY); } catch { /* then nothing is kept either */ }
}
function tell(words, place = document.querySelector("[data-about-fields]")) {
  if (place) place.textContent = words;
}

// From the fields into the letter.
function suggestion(field) {
  if (field.dataset.suggested !== "today") return field.dataset.suggested || "";
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
function fill() {
  for (const field of fields()) {
    const words = typed.has(field.dataset.fill) ? typed.get(field.dataset.fill) : suggestion(field);
    if (field.value !== words) field.value = words;
  }
}
/** Return what stands in a field as a text in *language* has it. */
function written(field, language) {
  const words = field.value.trim();
  if (field.type !== "date" || !words) return words;
  const [year, month, day] = words.split("-").map(Number);
  const moment = new Date(year, month - 1, day);
  moment.setFullYear(year); // two digits are no year of the last century
  const found = moment.toLocaleDateString(language === "en" ? "en-GB" : language, { dateStyle: "long" });
  return language === "fr" ? found.replace(/^1 /, "1er ") : found;
}
function show() {
  const byCode = new Map(fields().map((field) => [field.dataset.fill, field]));
  for (const blank of blanks()) {
    const field = byCode.get(blank.dataset.identifier);
    const words = field ? written(field, blank.closest("[lang]").lang) : "";
    let value = blank.querySelector(".value");
    if (!value) {
      value = document.createElement("span");
      value.className = "value";
      blank.append(value);
    }
    value.textContent = words;
    blank.classList.toggle("filled", words !== "");
  }
  showOpen();
  for (const field of fields()) check(field);
}
/** Return the label of a field without its translation into the letter's language. */
function nameOf(field) {
  const parts = [...field.labels[0].childNodes].filter((part) => !part.matches?.(".small"));
  return parts.map((part) => part.textContent).join("").trim();
}
/** List the fields that are still empty, with links to them. */
function showOpen() {
  const place = document.querySelector("[data-open]");
  const empty = fields().filter((field) => !field.value.trim());
  const codes = empty.map((field) => field.id).join(" ");
  if (!place || place.dataset.codes === codes) return;
  place.dataset.codes = codes;
  place.replaceChildren();
  if (!empty.length) return;
  const list = document.createElement("ul");
  for (const field of empty) {
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    link.textContent = nameOf(field);
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  const opening = document.createElement("span");
  opening.textContent = place.dataset.open;
  place.append(opening, list);
}

// A bank account carries its own check: as a number, modulo 97, it leaves 1 (ISO 13616).
export function isIban(words) {
  const plain = words.replace(/[\s.-]/g, "").toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return false;
  const digits = [...plain.slice(4), ...plain.slice(0, 4)].map((character) => parseInt(character, 36)).join("");
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}
function check(field) {
  const place = field.closest("p").parentElement.querySelector("[data-check]");
  if (!place) return;
  // While somebody types it is not wrong yet.
  const isWrong = field.value.trim() !== "" && document.activeElement !== field && !isIban(field.value);
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  const words = isWrong ? place.dataset.wrong : "";
  if (place.textContent !== words) place.textContent = words;
}

// The letter as text: what somebody would read, blanks by their name in brackets.
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "BR") return "\n";
  if (node.matches?.("[data-identifier]")) {
    const value = node.classList.contains("filled") && node.querySelector(".value");
    return value ? value.textContent : node.querySelector(".label").textContent;
  }
  // A browser may put a new line into an element of its own.
  const inside = [...node.childNodes].map(textOf).join("");
  return node.nodeName === "DIV" ? `\n${inside}` : inside;
}
const paragraph = (element) => textOf(element).trim();
function asText() {
  return own().map(paragraph).join("\n\n") + "\n";
}
function asMail(address) {
  const first = letter().querySelector(".subject .own");
  const label = first ? first.querySelector("b") : null;
  const subject = first ? paragraph(first).slice(label ? textOf(label).trim().length : 0).trim() : "";
  const body = own().filter((element) => element !== first).map(paragraph).join("\n\n");
  const start = `mailto:${address}?subject=${encodeURIComponent(subject)}`;
  const whole = `${start}&body=${encodeURIComponent(body.replace(/\n/g, "\r\n"))}`;
  return whole.length > LONGEST_MAIL ? start : whole;
}

// Ways to take it.
async function copy() {
  const text = asText();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* an old browser, or a page without HTTPS */ }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
async function copyLetter(place) {
  const isDone = await copy();
  if (!isDone) window.getSelection().selectAllChildren(letter());
  isTaken = isTaken || isDone;
  tell(isDone ? place.dataset.copied : place.dataset.notCopied, place);
}
function download(name) {
  const link = document.createElement("a");
  // Windows' own editor wants its line ends.
  link.href = URL.createObjectURL(new Blob([asText().replace(/\n/g, "\r\n")], { type: "text/plain;charset=utf-8" }));
  link.download = `${name.replace(/[^\p{L}\p{N} -]/gu, " ").trim()}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  isTaken = true;
}
function printWithBlanks() {
  letter().classList.add("as-blanks");
  window.addEventListener("afterprint", () => letter()?.classList.remove("as-blanks"), { once: true });
  window.print();
}

// Other words than ours: "change the paragraph about …" is a thing that people must do.
function setEditable(isEditable) {
  edit().setAttribute("aria-pressed", String(isEditable));
  for (const element of own()) {
    if (!isEditable) {
      element.removeAttribute("contenteditable");
      continue;
    }
    element.setAttribute("contenteditable", "plaintext-only");
    if (element.contentEditable !== "plaintext-only") element.setAttribute("contenteditable", "true");
    element.spellcheck = false; // some browsers would send the words away
    for (const blank of element.querySelectorAll("[data-identifier]")) blank.contentEditable = "false";
  }
}
function keepChanges() {
  changed.set(letter().dataset.letter, own().map((element) => [...element.childNodes].map((node) => node.cloneNode(true))));
  isTaken = false;
}
function bringChangesBack() {
  const kept = changed.get(letter().dataset.letter);
  if (kept) own().forEach((element, number) => element.replaceChildren(...kept[number].map((node) => node.cloneNode(true))));
}

// What the visitor does.
document.addEventListener("input", (event) => {
  const target = event.target;
  if (target.matches?.("[data-fill]")) {
    typed.set(target.dataset.fill, target.value);
    emptied = null;
    document.querySelector("[data-take-back]").hidden = true;
    isTaken = Boolean(remember()?.checked) && store() && changed.size === 0;
    tell("");
    show();
  } else if (letter()?.contains(target)) {
    keepChanges();
  }
});
document.addEventListener("focusout", (event) => {
  // The focus has not left yet.
  if (event.target.matches("[data-fill]")) setTimeout(() => { if (event.target.isConnected) check(event.target); });
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-remember]")) return;
  const words = document.querySelector("[data-about-fields]").dataset;
  if (!event.target.checked) {
    forget();
    isTaken = changed.size === 0 && ![...typed.values()].some(Boolean);
    tell(words.forgotten);
  } else if (store()) {
    isTaken = changed.size === 0;
    tell(words.remembered);
  } else {
    event.target.checked = false;
    tell(words.impossible);
  }
});
document.addEventListener("click", (event) => {
  const target = event.target;
  const said = document.querySelector("[data-said]");
  if (target.matches("[data-copy-letter]")) {
    copyLetter(said);
  } else if (target.matches("[data-mail]")) {
    // The address is made at the last moment and taken away again: it holds what was typed.
    target.href = asMail(target.dataset.mail);
    setTimeout(() => { target.href = `mailto:${target.dataset.mail}`; });
    isTaken = true; // the link itself leaves the page for some browsers
    copy().then((isDone) => tell(isDone ? said.dataset.mailed : said.dataset.notCopied, said));
  } else if (target.matches("[data-download]")) {
    download(target.dataset.download);
    tell(said.dataset.downloaded, said);
  } else if (target.matches("[data-print-blank]")) {
    printWithBlanks();
  } else if (target.matches("[data-edit]")) {
    const isEditable = target.getAttribute("aria-pressed") !== "true";
    setEditable(isEditable);
    tell(isEditable ? said.dataset.editable : "", said);
    if (isEditable) own()[0].focus();
  } else if (target.matches("[data-empty]")) {
    emptied = typed;
    typed = new Map([...typed, ...fields().map((field) => [field.dataset.fill, ""])]);
    change();
    tell(document.querySelector("[data-about-fields]").dataset.emptied);
    document.querySelector("[data-take-back]").focus();
  } else if (target.matches("[data-take-back]")) {
    typed = emptied || typed;
    emptied = null;
    change();
    tell("");
    document.querySelector("[data-empty]").focus();
  } else if (target.closest("[data-open] a")) {
    // The link leads to the field; typing can go on there at once.
    event.preventDefault();
    document.querySelector(target.getAttribute("href")).focus();
  }
});
function change() {
  if (remember()?.checked) store();
  document.querySelector("[data-take-back]").hidden = !emptied;
  fill();
  show();
}
window.addEventListener("afterprint", () => {
  // On paper with blank lines stands nothing of what was typed.
  if (!letter()?.classList.contains("as-blanks")) isTaken = true;
});
window.addEventListener("beforeunload", (event) => {
  if (letter() && !isTaken) event.preventDefault();
});

function begin() {
  if (!letter()) return;
  const kept = remember() && remembered();
  if (kept) {
    // What this case says of a day is newer than what was once typed.
    const said = fields().filter((field) => field.dataset.suggested).map((field) => field.dataset.fill);
    typed = new Map([...[...kept].filter(([code]) => !said.includes(code)), ...typed]);
  }
  if (remember()) remember().checked = Boolean(kept);
  bringChangesBack();
  fill();
  show();
}
begin();
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "content") begin();
});
document.addEventListener("htmx:historyRestore", begin);
// Another tab or page has forgotten it: then nothing more is kept of this one either.
function compareBox() {
  if (letter() && remember()) remember().checked = Boolean(remembered());
}
window.addEventListener("storage", (event) => {
  if (event.key === null || event.key === KEY) compareBox();
});
window.addEventListener("pageshow", (event) => { if (event.persisted) compareBox(); });
