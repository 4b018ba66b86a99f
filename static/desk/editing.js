// The desk's forms and lists work without this; it makes them smoother.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("desk-script");
  const form = document.querySelector("#content-main > form");

  // Which language stands beside English

  const LANGUAGE = "desk-language";
  const languageSwitch = document.querySelector("[data-language-switch]");

  const remembered = () => {
    try {
      return localStorage.getItem(LANGUAGE);
    } catch {
      return null; // no storage: the choice holds for this page
    }
  };

  const showLanguage = (code, root) => {
    for (const text of root.querySelectorAll(".text-target")) {
      text.hidden = code !== "" && text.dataset.language !== code &&
        !text.classList.contains("has-errors");
    }
    root.classList.toggle("has-one-language", code !== "");
  };

  const chosenLanguage = () =>
    languageSwitch?.querySelector("input:checked")?.value ?? "";

  if (languageSwitch) {
    languageSwitch.hidden = false;
    const boxes = [...languageSwitch.querySelectorAll("input")];
    const wanted = remembered() ?? boxes[0].value;
    (boxes.find((box) => box.value === wanted) ?? boxes.at(-1)).checked = true;
    showLanguage(chosenLanguage(), form);
    languageSwitch.addEventListener("change", () => {
      showLanguage(chosenLanguage(), form);
      try {
        localStorage.setItem(LANGUAGE, chosenLanguage());
      } catch {
        // see above
      }
    });
  }

  // Conditions as a sentence, while they change

  const listedIn = (part) => {
    const query = new URLSearchParams();
    for (const box of part.querySelectorAll("input[name]")) {
      const isTyped = box.name.endsWith("-add");
      const name = box.name.replace(/-add$/, "").split("-").pop();
      if (isTyped) {
        if (box.value.trim()) {
          query.append(name, box.value);
        }
      } else if (box.checked) {
        query.append(name, box.value);
      }
    }
    return query;
  };

  const waiting = new WeakMap();

  const tellCondition = (part) => {
    const sentence = part.querySelector("[data-sentence]");
    clearTimeout(waiting.get(part));
    waiting.set(part, setTimeout(async () => {
      const query = String(listedIn(part));
      const answer = await fetch(`${sentence.dataset.sentence}?${query}`).catch(() => null);
      if (answer?.ok && query === String(listedIn(part))) {
        sentence.textContent = await answer.text();
      }
    }, 150));
  };

  document.addEventListener("change", (event) => {
    const part = event.target.closest("[data-condition]");
    if (part) {
      tellCondition(part);
    }
    const list = event.target.closest(".checklist");
    if (list) {
      const chosen = [...list.querySelectorAll("input:checked")];
      let names = list.querySelector(".checklist-chosen");
      if (!names) {
        names = document.createElement("span");
        names.className = "checklist-chosen";
        list.querySelector("summary").append(" ", names);
      }
      names.textContent = chosen.map((box) => box.parentElement.textContent.trim()).join(", ");
    }
  });

  // Finding one of many boxes

  for (const lists of document.querySelectorAll("[data-filterable]")) {
    const line = lists.querySelector(".checklists-filter");
    const box = line.querySelector("input");
    line.hidden = false;
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLocaleLowerCase();
      for (const list of lists.querySelectorAll(".checklist")) {
        let found = 0;
        for (const item of list.querySelectorAll("li")) {
          item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
          found += item.hidden ? 0 : 1;
        }
        list.hidden = found === 0;
        if (wanted) {
          list.open = true;
        }
      }
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  }

  // Picking from a long list: the server is asked while somebody types, so that what
  // was added a moment ago is found, too

  const isPickerBox = (element) => element.matches?.(".picker-box");
  const pickerOf = (box) => box.closest("[data-picker]");
  const foundFor = (box) => pickerOf(box).querySelector(".picker-found");

  const askFor = async (box, wanted) => {
    const address = `${pickerOf(box).dataset.pick}?${new URLSearchParams(wanted)}`;
    const answer = await fetch(address).catch(() => null);
    const holder = document.createElement("template");
    holder.innerHTML = answer?.ok && !answer.redirected ? await answer.text() : "";
    return [...holder.content.querySelectorAll("[role=option]")];
  };

  const makeActive = (box, option) => {
    for (const one of foundFor(box).children) {
      one.setAttribute("aria-selected", String(one === option));
    }
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  };

  const showFound = (box, options) => {
    const list = foundFor(box);
    options.forEach((option, index) => { option.id = `${list.id}-${index}`; });
    list.replaceChildren(...options);
    list.hidden = options.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    makeActive(box, null);
  };

  const suggest = (box, pause) => {
    const typed = box.value;
    clearTimeout(waiting.get(box));
    waiting.set(box, setTimeout(async () => {
      const options = await askFor(box, { q: typed });
      if (box.value === typed && document.activeElement === box) {
        showFound(box, options);
      }
    }, pause));
  };

  const pick = (box, option) => {
    const { picker: name } = pickerOf(box).dataset;
    const chosen = pickerOf(box).querySelector(".picker-chosen");
    let tick = [...chosen.querySelectorAll("input")].find((one) => one.value === option.dataset.pk);
    if (!tick) {
      const label = document.createElement("label");
      const item = document.createElement("li");
      tick = document.createElement("input");
      Object.assign(tick, { type: "checkbox", name, value: option.dataset.pk });
      label.append(tick, ` ${option.textContent.trim()}`);
      item.append(label);
      chosen.append(item);
    }
    tick.checked = true;
    clearTimeout(waiting.get(box));
    box.value = "";
    showFound(box, []);
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const pickExactly = async (box) => {
    const typed = box.value;
    if (!typed.trim()) {
      return;
    }
    const [option] = await askFor(box, { exactly: typed });
    if (option?.dataset.pk && box.value === typed) {
      pick(box, option);
    }
  };

  document.addEventListener("focusin", (event) => {
    const box = event.target;
    if (isPickerBox(box) && box.getAttribute("role") !== "combobox") {
      // Without this script the browser's own list helps.
      box.removeAttribute("list");
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-expanded", "false");
      box.setAttribute("aria-controls", foundFor(box).id);
    }
  });
  document.addEventListener("focusout", (event) => {
    if (isPickerBox(event.target)) {
      clearTimeout(waiting.get(event.target));
      showFound(event.target, []);
    }
  });
  document.addEventListener("input", (event) => {
    if (isPickerBox(event.target)) {
      suggest(event.target, 150);
    }
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!isPickerBox(box)) {
      return;
    }
    const options = [...foundFor(box).querySelectorAll("[data-pk]")];
    const active = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (foundFor(box).hidden) {
        suggest(box, 0);
      } else if (options.length) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = active < 0 && step < 0 ? options.length - 1 : active + step;
        makeActive(box, options[(next + options.length) % options.length]);
      }
    } else if (event.key === "Escape" && !foundFor(box).hidden) {
      event.preventDefault();
      showFound(box, []);
    } else if (event.key === "Enter" && (box.value || active >= 0)) {
      event.preventDefault();
      if (active >= 0) {
        pick(box, options[active]);
      } else {
        pickExactly(box);
      }
    }
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.(".picker-found [role=option]");
    if (!option) {
      return;
    }
    event.preventDefault(); // the box keeps the focus
    if (option.dataset.pk) {
      pick(option.closest("[data-picker]").querySelector(".picker-box"), option);
    }
  });
  // Django's window for a new one puts its number into the box and says so by jQuery.
  window.django?.jQuery(document).on("change", ".picker-box", (event) => {
    pickExactly(event.target);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".picker-add .related-widget-wrapper-link");
    if (link && window.django) {
      const address = new URL(link.href);
      address.searchParams.set("_popup", "1");
      link.href = address;
    }
  }, true);

  // Dragging, for rows of a list and rows inside a form

  const dragging = (items, handle, { mayPass, done }) => {
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) {
        return;
      }
      event.preventDefault();
      const item = handle.closest(items);
      const home = item.nextElementSibling;
      item.classList.add("is-dragged");

      const move = (at) => {
        const over = document.elementFromPoint(at.clientX, at.clientY)?.closest(items);
        if (!over || over === item || over.parentElement !== item.parentElement ||
            !mayPass(item, over)) {
          return;
        }
        const box = over.getBoundingClientRect();
        const isBelow = at.clientY > box.top + box.height / 2;
        over.parentElement.insertBefore(item, isBelow ? over.nextElementSibling : over);
      };
      const end = (at) => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        item.classList.remove("is-dragged");
        if (at.type === "pointercancel") {
          item.parentElement.insertBefore(item, home);
        } else if (item.nextElementSibling !== home) {
          done(item, home);
        }
      };
      // Not on the handle: while its row moves, the browser takes the pointer from it.
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
  };

  const addHandle = (buttons) => {
    const handle = document.createElement("span");
    handle.className = "drag-handle";
    handle.setAttribute("aria-hidden", "true"); // the buttons do the same
    handle.textContent = "⠿";
    buttons.append(handle);
    return handle;
  };

  // Rows inside a form: moved here, kept by saving

  for (const section of document.querySelectorAll("[data-rows-inside]")) {
    const list = section.querySelector(".rows-inside-list");
    const said = section.querySelector("[data-said]");
    const rows = () => [...list.children].filter((one) => one.matches(".row-inside:not([hidden])"));

    const renumber = (row) => {
      rows().forEach((one, index) => {
        const position = one.querySelector("input.position");
        if (position) {
          position.value = (index + 1) * 10;
        }
      });
      said.textContent = said.dataset.words
        .replace("%place%", rows().indexOf(row) + 1)
        .replace("%count%", rows().length);
    };

    const makeMovable = (row) => {
      const buttons = row.querySelector(".move-buttons");
      if (!buttons) {
        return;
      }
      buttons.hidden = false;
      dragging(".row-inside", addHandle(buttons), { mayPass: () => true, done: renumber });
    };

    rows().forEach(makeMovable);
    const spare = list.querySelector("[data-spare]");
    if (spare) {
      spare.hidden = true;
    }

    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      const row = event.target.closest(".row-inside");
      if (button) {
        event.preventDefault();
        const all = rows();
        const other = all[all.indexOf(row) + (button.dataset.step === "up" ? -1 : 1)];
        if (other) {
          list.insertBefore(row, button.dataset.step === "up" ? other : other.nextElementSibling);
        }
        renumber(row);
        button.focus();
      } else if (event.target.closest("[data-leave-out]")) {
        const mark = document.createElement("input");
        Object.assign(mark, { type: "hidden", name: `${row.id}-left_out`, value: "1" });
        row.append(mark);
        row.hidden = true;
        section.querySelector("[data-add]").focus();
      }
    });

    const add = section.querySelector("[data-add]");
    if (add) {
      add.parentElement.hidden = false;
      const total = section.querySelector(`[name="${section.dataset.rowsInside}-TOTAL_FORMS"]`);
      const pattern = list.querySelector("template");
      const open = (row) => {
        row.querySelector("details").open = true;
        row.querySelector("summary").focus();
      };
      add.addEventListener("click", () => {
        if (spare?.matches("[data-spare]")) {
          spare.removeAttribute("data-spare");
          spare.hidden = false;
          open(spare);
          return;
        }
        const holder = document.createElement("template");
        holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", total.value);
        const row = holder.content.firstElementChild;
        total.value = Number(total.value) + 1;
        list.insertBefore(row, pattern);
        makeMovable(row);
        row.querySelectorAll("[data-leave-out]").forEach((one) => { one.hidden = false; });
        if (languageSwitch) {
          showLanguage(chosenLanguage(), form);
        }
        open(row);
      });
    }
    section.querySelectorAll("[data-leave-out]").forEach((one) => { one.hidden = false; });
  }

  // Rows of a list: moved at once

  const table = document.querySelector("#result_list tbody");
  const spot = (row) => row?.querySelector("[data-move]");

  if (table?.querySelector("[data-move]")) {
    const said = document.querySelector("[data-said]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const isSibling = (one, other) =>
      Boolean(spot(other)) && spot(one).dataset.scope === spot(other).dataset.scope;

    const refresh = () => {
      for (const row of table.rows) {
        for (const button of row.querySelectorAll("[data-side]")) {
          const other = button.dataset.side === "before"
            ? row.previousElementSibling : row.nextElementSibling;
          button.disabled = !other || !isSibling(row, other);
          button.value = button.disabled
            ? "" : `${button.dataset.side}:${spot(other).dataset.pk}`;
        }
      }
    };

    const send = async (row, home) => {
      const [previous, next] = [row.previousElementSibling, row.nextElementSibling];
      const place = previous && isSibling(row, previous)
        ? `after:${spot(previous).dataset.pk}` : `before:${spot(next).dataset.pk}`;
      const answer = await fetch(spot(row).dataset.move, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams({ place }),
      }).catch(() => null);
      const told = await answer?.json().catch(() => null);
      if (answer?.ok) {
        for (const one of table.rows) {
          const cell = one.querySelector(".field-position");
          const position = told.positions[spot(one)?.dataset.pk];
          if (cell && position !== undefined) {
            cell.textContent = position;
          }
        }
      } else {
        table.insertBefore(row, home);
      }
      said.textContent = told?.message ?? said.dataset.failed;
      refresh();
    };

    for (const row of table.rows) {
      if (spot(row)) {
        dragging("tr", addHandle(spot(row)), { mayPass: isSibling, done: send });
      }
    }

    table.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-side]");
      if (!button) {
        return;
      }
      event.preventDefault();
      const row = button.closest("tr");
      const home = row.nextElementSibling;
      const other = button.dataset.side === "before"
        ? row.previousElementSibling : row.nextElementSibling;
      if (!other || !isSibling(row, other)) {
        return;
      }
      table.insertBefore(row, button.dataset.side === "before" ? other : other.nextElementSibling);
      await send(row, home);
      const target = button.disabled
        ? row.querySelector("[data-side]:not([disabled])") : button;
      target?.focus();
    });
  }
});
