// The flow map: shows what depends on the box under the pointer or with the focus.
"use strict";

(() => {
  const map = document.querySelector(".picture .flow-map");
  if (!map) {
    return;
  }
  const nodes = [...map.querySelectorAll("[data-node]")];
  const wires = [...map.querySelectorAll(".wire")];
  const words = (text) => (text || "").split(" ").filter(Boolean);
  const facts = nodes.map((node) => ({
    node,
    name: node.dataset.node,
    depends: new Set(words(node.dataset.depends)),
    shown: new Set(words(node.dataset.shown)),
  }));
  const answers = new Map(); // names of answers by the name of their question
  for (const { node, name } of facts) {
    const question = node.parentNode.closest("[data-node]");
    if (node.classList.contains("answer") && question) {
      const list = answers.get(question.dataset.node) || [];
      answers.set(question.dataset.node, [...list, name]);
    }
  }

  const clear = () => {
    map.classList.remove("is-asking");
    map.querySelectorAll(".lit, .ruled-out").forEach((found) => {
      found.classList.remove("lit", "ruled-out");
    });
  };

  const ask = (node) => {
    clear();
    const asked = facts.find((fact) => fact.node === node);
    const holder = node.parentNode.closest("[data-node]");
    map.classList.add("is-asking");
    node.classList.add("lit");
    if (node.classList.contains("answer")) {
      // What this answer brings, and what it rules out.
      const question = holder.dataset.node;
      for (const other of facts) {
        if (other.depends.has(question)) {
          other.node.classList.add(other.shown.has(asked.name) ? "lit" : "ruled-out");
        }
      }
      light(wires.filter((wire) => wire.dataset.from === question));
    } else if (node.classList.contains("question")) {
      for (const other of facts) {
        if (other.depends.has(asked.name)) {
          other.node.classList.add("lit");
        }
      }
      lightAnswers(asked);
      light(wires.filter((wire) => [wire.dataset.from, wire.dataset.to].includes(asked.name)));
    } else {
      lightAnswers(asked);
    }
  };

  const light = (list) => list.forEach((one) => one.classList.add("lit"));

  // Of the questions on which a box depends: the answers with which it is shown.
  const lightAnswers = (asked) => {
    for (const question of asked.depends) {
      for (const name of answers.get(question) || []) {
        const found = facts.find((fact) => fact.name === name);
        found.node.classList.add(asked.shown.has(name) ? "lit" : "ruled-out");
      }
    }
  };

  // On the box around it: an SVG element that listens for the focus gets it itself.
  const around = map.parentNode;
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    around.addEventListener(enter, (event) => {
      const node = event.target.closest("[data-node]");
      if (node) {
        ask(node);
      }
    });
    around.addEventListener(leave, clear);
  }
})();

// The coverage map: shows in words what the cell under the pointer or with the focus says.
(() => {
  const box = document.querySelector(".coverage-box");
  const words = document.querySelector("[data-cell-words]");
  if (!box || !words) {
    return;
  }
  for (const name of ["mouseover", "focusin"]) {
    box.addEventListener(name, (event) => {
      const cell = event.target.closest(".cell > [title]");
      if (cell) {
        words.textContent = cell.title;
      }
    });
  }
})();
