// A form (Flow) that a message opens: a calendar, radio buttons that hang on it, and a button that sends it.

import { $, el } from "./dom.js";
import { closeSheet, openSheet } from "./sheet.js";

/** Show the form of a message; `say` sends what was filled in. */
export function openForm(entry, say) {
  const { title, children } = entry.view.form;
  const values = {};
  const body = el("form", { class: "form" });
  const draw = () => {
    const focused = document.activeElement?.dataset?.key;
    const shown = children.filter((each) => !each.visible || values[each.visible[0]] === each.visible[1]);
    body.replaceChildren(...shown.map((each) => component(each, values, draw, shown)).filter(Boolean));
    if (focused) body.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    closeSheet();
    await say({ form: values, on: entry.id });
    $("text").focus();
  });
  draw();
  openSheet(title, body);
}

function component(about, values, draw, shown) {
  switch (about.type) {
    case "TextHeading":
    case "TextSubheading": return el("h3", {}, about.text);
    case "TextBody":
    case "TextCaption": return el("p", { class: "sheet-note" }, about.text);
    case "CalendarPicker": return calendar(about, values, draw);
    case "RadioButtonsGroup": return el("fieldset", { class: "choices" },
      el("legend", {}, about.label),
      about["data-source"].map((option) => {
        const box = el("input", { type: "radio", name: about.name, value: option.id, checked: values[about.name] === option.id,
          "data-key": option.id, onchange: () => { values[about.name] = option.id; draw(); } });
        return el("label", { class: "row" }, el("span", { class: "row-text" }, el("span", {}, option.title)), box);
      }));
    case "Footer": {
      const lacks = shown.some((each) => each.required && !values[each.name]);
      const send = el("button", { class: "primary", type: "submit" }, about.label);
      send.disabled = lacks;
      return send;
    }
    default: return null;
  }
}

const iso = (day) => day.toISOString().slice(0, 10);
const utc = (text) => new Date(`${text}T00:00:00Z`);
const WEEK = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

const DAY = 86400000;
const weekday = (day) => (day.getUTCDay() + 6) % 7;

/** Week by week from the first day to the last; days that can't be picked are greyed. */
function calendar(about, values, draw) {
  const first = utc(about["min-date"]);
  const last = utc(about["max-date"]);
  const closed = new Set(about["unavailable-dates"]);
  const from = new Date(first - weekday(first) * DAY);
  const until = new Date(+last + (6 - weekday(last)) * DAY);
  const months = [];
  for (let month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1)); month <= last;
    month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))) {
    const begin = month < from ? from : month;
    const cells = Array.from({ length: weekday(begin) }, () => el("span"));
    for (let day = new Date(begin); day <= until && day.getUTCMonth() === month.getUTCMonth(); day.setUTCDate(day.getUTCDate() + 1)) {
      const text = iso(day);
      const pick = el("button", { type: "button", class: "date", "data-key": text, "aria-pressed": String(values[about.name] === text),
        "aria-label": day.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }),
        onclick: () => { values[about.name] = text; draw(); } }, String(day.getUTCDate()));
      pick.disabled = day < first || day > last || closed.has(text);
      cells.push(pick);
    }
    months.push(el("h4", {}, month.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })),
      el("div", { class: "month" }, WEEK.map((name) => el("small", { "aria-hidden": "true" }, name)), cells));
  }
  return el("div", { class: "calendar", role: "group", "aria-label": about.label },
    el("p", { class: "legend" }, about.label), months, about["helper-text"] && el("p", { class: "help" }, about["helper-text"]));
}
