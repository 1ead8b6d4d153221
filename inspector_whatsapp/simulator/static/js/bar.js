// The bar: the simulated clock, and the drawer with faults and switches.

import { $, el, icon } from "./dom.js";
import { notice, remove, wish } from "./server.js";
import { closeSheet, openSheet, toggle } from "./sheet.js";
import { store } from "./store.js";
import { long, now, setOffset, span } from "./time.js";

const FAULTS = {
  "The next message to Meta": [
    ["is too fast (429)", { action: "error", path: "/messages", status: 429, code: 130429 }],
    ["is over the pair limit", { action: "error", path: "/messages", code: 131056 }],
    ["meets a server error", { action: "error", path: "/messages", status: 500, code: 131000 }],
    ["finds the window closed", { action: "error", path: "/messages", code: 131047 }],
    ["is undeliverable", { action: "fail", path: "/messages", code: 131026 }],
    ["is taken, but not answered", { action: "hang", path: "/messages", seconds: 60 }],
    ["is taken, then cut off", { action: "cut", path: "/messages" }],
  ],
  "Every request to Meta, until removed": [
    ["meets an expired token", { action: "error", code: 190, status: 401, times: null }],
    ["takes three seconds", { action: "delay", seconds: 3, times: null }],
  ],
  "The next webhook": [
    ["comes twice", { on: "webhook", action: "duplicate" }],
    ["is lost", { on: "webhook", action: "drop" }],
    ["is badly signed", { on: "webhook", action: "bad_signature" }],
    ["comes after the one behind it", { on: "webhook", action: "reorder" }],
  ],
  "The next e-mail": [
    ["is refused for good (550)", { on: "mail", action: "reject", status: 550 }],
    ["is refused for now (451)", { on: "mail", action: "reject", status: 451 }],
  ],
};

const SWITCHES = [
  ["pair_limit", "One message per 6 s and person", "45 may come at once; else 131056"],
  ["throughput_limit", "80 messages a second", "else 130429"],
  ["strangers", "Unknown numbers have WhatsApp", "Off: 131026"],
];

export function setUp() {
  $("open-drawer").append(icon("bolt"));
  $("open-drawer").addEventListener("click", openDrawer);
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => wish("/control/clock", { advance_seconds: Number(button.dataset.advance) }));
  }
  $("to-reminder").addEventListener("click", () => wish("/control/clock", { to: "next_reminder" }));
  setInterval(drawTime, 1000);
}

export function drawClock() {
  const clock = store.clock;
  setOffset(clock.offset_seconds ?? 0);
  $("to-reminder").disabled = !clock.next_reminder;
  $("to-reminder").title = clock.next_reminder ? `The next reminder is due ${long(clock.next_reminder)}` : "No reminder is planned";
  notice(clock.web && !clock.web_reachable ? `${clock.web} can’t be reached. Messages wait here until it answers; the clock is this page’s own.` : "");
  drawTime();
}

function drawTime() {
  const [day, hour] = long(now()).split(", ");
  if ($("now-hour").textContent !== hour) $("now-hour").textContent = hour;
  if ($("now-day").textContent !== day) $("now-day").textContent = day;
  const offset = span(store.clock.offset_seconds ?? 0);
  $("offset").textContent = offset ? `${offset} ahead` : "Lagos time";
}

function openDrawer() {
  openSheet("Faults and switches",
    el("div", { id: "rules" }),
    Object.entries(FAULTS).flatMap(([title, rules]) => [
      el("h3", {}, title),
      el("div", { class: "chips" }, rules.map(([name, rule]) => el("button", { class: "pill", onclick: () => wish("/control/faults", rule) }, name))),
    ]),
    el("h3", {}, "How strict this Meta is"),
    SWITCHES.map(([name, title, note]) => toggle({ title, note, checked: store.switches[name], onchange: (checked) => change({ [name]: checked }) })),
    toggle({
      title: "Say “window closed” at once", note: "Off: as a failed status later", checked: store.switches.window === "sync",
      onchange: (checked) => change({ window: checked ? "sync" : "async" }),
    }),
    el("h3", {}, "Start over"),
    el("div", { class: "chips" }, el("button", { class: "pill", onclick: () => { wish("/control/reset"); closeSheet(); } }, "Forget all chats and mails")));
  drawRules();
}

async function change(what) {
  store.switches = (await wish("/control/switches", what)) ?? store.switches;
}

export function drawRules() {
  const place = $("rules");
  $("open-drawer").classList.toggle("armed", store.rules.length > 0);
  if (!place) return;
  const name = (rule) => `${rule.on ?? "api"}: ${rule.action}${rule.code ? ` ${rule.code}` : ""} · ${rule.left === null ? "until removed" : `${rule.left} left`} · hit ${rule.hits}`;
  const lines = store.rules.map((rule) => el("p", { class: "rule" }, el("span", {}, name(rule)),
    el("button", { class: "icon-button", title: "Remove", onclick: () => remove(`/control/faults/${rule.id}`) }, icon("close"))));
  place.replaceChildren(...(lines.length ? lines : [el("p", { class: "sheet-note" }, "Nothing is broken at the moment.")]));
}

