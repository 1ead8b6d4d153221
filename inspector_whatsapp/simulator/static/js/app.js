// Puts the page together and keeps it up to date.

import { $, icon } from "./dom.js";
import * as bar from "./bar.js";
import * as chat from "./chat.js";
import * as composer from "./composer.js";
import * as mail from "./mail.js";
import * as people from "./people.js";
import * as sheet from "./sheet.js";
import { get, notice } from "./server.js";
import { keepPerson, store } from "./store.js";

/** A link to a chat may come with words, as https://wa.me/…?text= does: they are for the first chat that is opened. */
let written = new URLSearchParams(location.search).get("text") ?? "";

function panel(name) {
  document.body.dataset.panel = name;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  look();
}

/** The chat counts as read only while it can be seen. */
function look() {
  const seen = !document.hidden && (document.body.dataset.panel === "phone" || matchMedia("(min-width: 901px)").matches);
  chat.look(seen ? store.current : null);
}

async function choose(phone) {
  store.current = phone;
  history.replaceState(null, "", `${location.pathname}#${phone}`);
  chat.quote(null);
  panel("phone");
  people.showPeople();
  chat.drawHeader();
  await chat.showChat(phone);
  if (written) { composer.write(written); written = ""; }
  if (matchMedia("(hover: hover)").matches) $("text").focus();
}

async function load() {
  const state = await get("/page/state");
  store.people = new Map(state.people.map((one) => [one.phone, one]));
  store.chats.clear();
  Object.assign(store, { mails: state.mails, clock: state.clock, rules: state.rules, switches: state.switches });
  $("business-name").textContent = state.business.name;
  if (!store.people.has(store.current)) store.current = null;
  bar.drawClock();
  bar.drawRules();
  mail.drawMails();
  people.showPeople();
  chat.drawHeader();
  if (store.current) await chat.showChat(store.current);
}

function listen() {
  const events = new EventSource("/live");
  const on = (name, run) => events.addEventListener(name, (event) => run(JSON.parse(event.data)));
  on("hello", async ({ page }) => {
    store.page = page;
    notice("");
    await load();
    const asked = decodeURIComponent(location.hash.slice(1));
    if (!store.current && store.people.has(asked)) await choose(asked);
    else look();
  });
  on("entry", ({ person, entry }) => chat.take(person, entry));
  on("person", (one) => { keepPerson(one); people.showPeople(); if (one.phone === store.current) chat.drawHeader(); });
  on("typing", ({ person, seconds }) => { if (person === store.current) chat.typing(seconds); });
  on("mail", mail.arrived);
  on("clock", (clock) => { store.clock = clock; bar.drawClock(); });
  on("faults", ({ rules }) => { store.rules = rules; bar.drawRules(); });
  on("reset", async () => { mail.reset(); await load(); look(); });
  events.addEventListener("error", () => notice("The simulator can’t be reached. This page goes on as soon as it is back."));
}

$("back").append(icon("back"));
$("back").addEventListener("click", () => { panel("people"); document.querySelector('.people-row[aria-current="true"]')?.focus(); });
for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => panel(tab.dataset.tab));
document.addEventListener("visibilitychange", look);
matchMedia("(min-width: 901px)").addEventListener("change", look);
people.setUp(choose);
chat.setUp();
composer.setUp();
mail.setUp();
bar.setUp();
sheet.setUp();
listen();
