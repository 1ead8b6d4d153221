// The sheet that comes up for lists, places, people and faults, and the photo viewer.

import { $, el, icon } from "./dom.js";

export function openSheet(title, ...content) {
  const sheet = $("sheet");
  $("sheet-title").textContent = title;
  $("sheet-body").replaceChildren(...content.flat().filter(Boolean));
  $("sheet-body").scrollTop = 0;
  if (!sheet.open) sheet.showModal();
  ($("sheet-body").querySelector("button, input, a") ?? $("sheet-close")).focus();
}

export const closeSheet = () => $("sheet").close();

export function openPhoto(url) {
  $("viewer-image").src = url;
  $("viewer").showModal();
}

/** A line of a sheet that can be tapped. */
export function row({ title, note, mark, onclick }) {
  return el("button", { class: "row", onclick },
    typeof mark === "string" ? icon(mark) : mark,
    el("span", { class: "row-text" }, el("span", {}, title), note && el("small", {}, note)),
    !mark && el("span", { class: "dot", "aria-hidden": "true" }));
}

/** A line of a sheet with a switch. */
export function toggle({ title, note, checked, onchange }) {
  const box = el("input", { type: "checkbox", checked, onchange: () => onchange(box.checked) });
  return el("label", { class: "row" }, el("span", { class: "row-text" }, el("span", {}, title), note && el("small", {}, note)), box);
}

export function setUp() {
  $("sheet-close").append(icon("close"));
  $("sheet-close").addEventListener("click", closeSheet);
  for (const dialog of [$("sheet"), $("viewer")]) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog || dialog.id === "viewer") dialog.close(); });
  }
}
