// The phone: its messages, and what the person can do with them.

import { $, el, icon } from "./dom.js";
import { action, bubble, summary } from "./bubble.js";
import { openForm } from "./form.js";
import { get, post, wish } from "./server.js";
import { closeSheet, openPhoto, openSheet, row } from "./sheet.js";
import { choosePlace } from "./composer.js";
import { chat, person, store } from "./store.js";
import { dayKey, dayName } from "./time.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const drawn = new Map(); // id → what the element was made from
let typingTimer;
let follows = true; // stays at the end when something is added or a photo grows, until somebody scrolls up
let scrolledTo = 0;

export const quoted = { id: null };

export function setUp() {
  $("to-end").append(icon("down"));
  $("to-end").addEventListener("click", () => toEnd(true));
  $("log").addEventListener("scroll", scrolled, { passive: true });
  document.addEventListener("click", (event) => { if (!event.target.closest(".emojis, .more")) closeEmojis(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeEmojis(true); });
}

export async function showChat(phone) {
  if (!store.chats.has(phone)) {
    $("log").replaceChildren(); // somebody else's
    drawn.clear();
    store.chats.set(phone, new Map());
  }
  $("log").setAttribute("aria-busy", "true");
  const known = await get(`/control/chat?person=${encodeURIComponent(phone)}`);
  // What came while it was asked for is newer than the answer.
  store.chats.set(phone, new Map([...known.messages.map((entry) => [entry.id, entry]), ...chat(phone)]));
  if (phone !== store.current) return; // another was picked meanwhile
  drawAll();
  $("log").removeAttribute("aria-busy");
}

export function drawHeader() {
  const one = person();
  for (const id of ["phone-head", "log-frame", "composer"]) $(id).hidden = !one;
  $("nobody").hidden = Boolean(one);
  if (one && !$("phone-of").classList.contains("typing")) {
    $("phone-of").textContent = `on ${one.name === one.phone ? "the" : `${one.name}’s`} phone · ${one.phone}${one.online ? "" : " · off"}`;
  }
}

export function drawAll() {
  drawn.clear();
  typing(0);
  drawHeader();
  $("log").replaceChildren();
  for (const entry of chat().values()) put(entry, false);
  toEnd(false);
}

/** A message is new or has changed. */
export function take(phone, entry) {
  const entries = store.chats.get(phone);
  if (!entries) return;
  const fresh = !entries.has(entry.id);
  entries.set(entry.id, entry);
  if (phone !== store.current) return;
  const follow = follows || entry.from === "person";
  put(entry, fresh);
  if (fresh && entry.from === "business") {
    typing(0);
    $("spoken").textContent = `Inspector: ${summary(entry)}`;
  }
  if (fresh && follow) toEnd(false);
  $("to-end").hidden = follows;
}

function put(entry, fresh) {
  const key = JSON.stringify([entry.view, entry.reactions, entry.from === "person" || entry.status === "failed" ? entry.status : ""]);
  if (drawn.get(entry.id) === key) return;
  const log = $("log");
  const made = bubble(entry, acts);
  made.dataset.id = entry.id;
  made.dataset.from = entry.from;
  made.dataset.day = dayKey(entry.at);
  const old = drawn.has(entry.id) ? log.querySelector(`[data-id="${CSS.escape(entry.id)}"]`) : null;
  drawn.set(entry.id, key);
  if (old) {
    made.classList.toggle("first", old.classList.contains("first"));
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(made);
    if (focused >= 0) made.querySelectorAll("button, a")[focused]?.focus();
    return;
  }
  const before = [...log.children].reverse().find((item) => item.dataset.day);
  if (before?.dataset.day !== made.dataset.day) log.append(el("li", { class: "day" }, el("span", {}, dayName(entry.at))));
  made.classList.toggle("first", before?.dataset.from !== entry.from || before?.dataset.day !== made.dataset.day);
  made.classList.toggle("fresh", fresh);
  log.append(made);
  const dots = $("typing-dots");
  if (dots) log.append(dots);
}

const atEnd = () => { const log = $("log"); return log.scrollHeight - log.scrollTop - log.clientHeight < 90; };

function scrolled() {
  const top = $("log").scrollTop;
  if (atEnd()) follows = true;
  else if (top < scrolledTo) follows = false;
  scrolledTo = top;
  $("to-end").hidden = follows;
  closeEmojis();
}

export function toEnd(smoothly) {
  const log = $("log");
  follows = true;
  log.scrollTo({ top: log.scrollHeight, behavior: smoothly ? "smooth" : "instant" });
  scrolledTo = log.scrollTop;
  $("to-end").hidden = true;
}

export function typing(seconds) {
  clearTimeout(typingTimer);
  $("typing-dots")?.remove();
  const line = $("phone-of");
  line.classList.toggle("typing", seconds > 0);
  if (seconds > 0) {
    const follow = follows;
    line.textContent = "typing…";
    $("log").append(el("li", { class: "entry first", id: "typing-dots", "aria-hidden": "true" },
      el("div", { class: "column" }, el("div", { class: "bubble typing-bubble" }, el("i"), el("i"), el("i")))));
    if (follow) toEnd(false);
    typingTimer = setTimeout(() => typing(0), seconds * 1000);
  } else drawHeader();
}

export const say = (what) => wish("/control/say", { person: store.current, ...what });

const acts = {
  tap: (id, title, on) => say({ tap: id, title, on }),
  open: openPhoto,
  place: (id) => choosePlace(id),
  number: (id) => say({ share_number: true, reply_to: id }),
  find: (id) => chat().get(id),
  grown: () => { if (follows) toEnd(false); },
  jump(id) {
    const target = $("log").querySelector(`[data-id="${CSS.escape(id)}"]`);
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
  },
  all(entry) {
    openSheet("All options", el("div", { class: "actions" }, entry.view.buttons.map((button) => action(entry, button, { ...acts, tap: (...what) => { closeSheet(); acts.tap(...what); } }))));
  },
  form: (entry) => openForm(entry, say),
  sheet(entry) {
    const { button, sections } = entry.view.list;
    openSheet(button, sections.map((section) => [
      section.title && el("h3", {}, section.title),
      section.rows.map((item) => row({
        title: item.title, note: item.description,
        onclick: () => { closeSheet(); acts.tap(item.id, item.title, entry.id); $("text").focus(); },
      })),
    ]).flat(2));
  },
  more(entry, button) {
    const again = button.getAttribute("aria-expanded") === "true";
    closeEmojis();
    if (again) return;
    const pick = (emoji) => { closeEmojis(); say({ reaction: entry.reactions.person === emoji ? "" : emoji, on: entry.id }); };
    const bar = el("div", { class: "emojis", role: "menu", id: "emojis" },
      EMOJIS.map((emoji) => el("button", { role: "menuitem", "aria-label": `React with ${emoji}`, onclick: () => pick(emoji) }, emoji)),
      el("button", { class: "emojis-reply", role: "menuitem", onclick: () => { closeEmojis(); quote(entry); } }, "Reply"));
    document.body.append(bar);
    const place = button.getBoundingClientRect();
    const width = bar.offsetWidth;
    bar.style.left = `${Math.max(8, Math.min(place.left + place.width / 2 - width / 2, innerWidth - width - 8))}px`;
    bar.style.top = `${Math.max(8, place.top - bar.offsetHeight - 8)}px`;
    button.setAttribute("aria-expanded", "true");
    bar.querySelector("button").focus();
  },
};

function closeEmojis(back = false) {
  const bar = $("emojis");
  if (!bar) return;
  const owner = document.querySelector('.more[aria-expanded="true"]');
  owner?.setAttribute("aria-expanded", "false");
  bar.remove();
  if (back) owner?.focus();
}

export function quote(entry) {
  quoted.id = entry?.id ?? null;
  $("quoting").hidden = !entry;
  $("quoting-text").textContent = entry ? `${entry.from === "person" ? "You" : "Inspector"}: ${summary(entry)}` : "";
  if (entry) $("text").focus();
}

/** Tell the simulator what is looked at, so that it is read. */
export const look = (phone) => post("/page/open", { page: store.page, person: phone }).catch(() => {});
