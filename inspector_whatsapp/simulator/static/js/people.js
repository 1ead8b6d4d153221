// The list of phones, and a person's traits.

import { $, avatar, el, icon } from "./dom.js";
import { plain } from "./format.js";
import { notice, post, wish } from "./server.js";
import { closeSheet, openSheet, toggle } from "./sheet.js";
import { keepPerson, person, store } from "./store.js";
import { moment } from "./time.js";

let choose = () => {};

export function setUp(onChoose) {
  choose = onChoose;
  $("add-person").append(icon("plus"));
  $("add-person").addEventListener("click", addPerson);
  $("open-person").append(icon("dots"));
  $("open-person").addEventListener("click", showTraits);
}

export function showPeople() {
  const rows = [...store.people.values()].map((one) => {
    const at = document.activeElement?.dataset?.phone;
    const row = el("button", {
      class: "people-row", "data-phone": one.phone, "aria-current": one.phone === store.current ? "true" : null, onclick: () => choose(one.phone),
    }, avatar(one.name, one.phone), el("span", { class: "people-text" },
      el("span", { class: "people-line" }, el("span", { class: "people-name" }, one.name),
        one.last && el("span", { class: `people-time${one.unread ? " new" : ""}` }, moment(one.last.at))),
      el("span", { class: "people-line people-last" }, el("span", {}, one.last ? `${one.last.mine ? "You: " : ""}${plain(one.last.text)}` : one.phone),
        one.unread > 0 && el("b", { class: "badge", "aria-label": `${one.unread} unread` }, String(one.unread)))));
    return [row, at === one.phone];
  });
  $("people-list").replaceChildren(...rows.map(([row]) => el("li", {}, row)));
  rows.find(([, focused]) => focused)?.[0].focus();
  const unread = [...store.people.values()].reduce((sum, one) => sum + one.unread, 0);
  $("tab-people").textContent = unread;
  $("tab-people").hidden = !unread;
}

function addPerson() {
  const name = el("input", { name: "name", placeholder: "Dayo", autocomplete: "off" });
  const phone = el("input", { name: "phone", placeholder: "+234 803 000 0004", inputmode: "tel", required: true, autocomplete: "off" });
  const wrong = el("p", { class: "wrong", role: "alert" });
  const form = el("form", { class: "fields" }, el("label", {}, "Name", name), el("label", {}, "Number, with +", phone), wrong,
    el("button", { class: "primary", type: "submit" }, "Add"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await post("/control/people", { phone: phone.value.replace(/[\s()-]/g, ""), ...(name.value.trim() && { name: name.value.trim() }) });
      keepPerson(made);
      closeSheet();
      choose(made.phone);
    } catch (error) {
      wrong.textContent = error.message;
    }
  });
  openSheet("Add a person", form);
}

const TRAITS = [
  ["online", "Phone is on", "Off: messages stay at one tick until it is on again"],
  ["hides_phone", "Hides the phone number", "Known by a user id only, as people with usernames"],
  ["opted_out", "Stopped marketing messages", "Marketing templates fail with 131050"],
  ["on_whatsapp", "Has WhatsApp", "Off: messages fail with 131026"],
];

function showTraits() {
  const one = person();
  if (!one) return;
  openSheet(one.name,
    el("p", { class: "sheet-note" }, `${one.phone} · ${one.user_id}`),
    TRAITS.map(([trait, title, note]) => toggle({
      title, note, checked: one[trait],
      onchange: (checked) => wish("/control/people", {
        phone: one.phone, [trait]: checked, ...(trait === "hides_phone" && checked && !one.username && { username: one.name.toLowerCase().replace(/\W+/g, ".") }),
      }).then((made) => made && notice("")),
    })));
}
