// The mailbox: every mail the web process sent, newest first.

import { $, el, icon } from "./dom.js";
import { store } from "./store.js";
import { long, moment } from "./time.js";


export function setUp() {
  $("mail-back").append(icon("back"));
  $("mail-back").addEventListener("click", () => { show(null); $("mail-list").querySelector("button")?.focus(); });
}

export function drawMails() {
  const list = $("mail-list");
  if (store.mails.length) {
    list.replaceChildren(...store.mails.map((mail) => el("li", {}, el("button", { class: `mail-row${store.newMails.has(mail.id) ? " new" : ""}`, onclick: () => show(mail) },
      el("span", { class: "mail-line" }, el("span", {}, `To ${mail.to.join(", ")}`), el("span", {}, moment(mail.at))),
      el("span", { class: "mail-subject" }, mail.subject || "(no subject)"),
      el("span", { class: "mail-peek" }, mail.text.trim().replace(/\s+/g, " ").slice(0, 140))))));
  } else {
    list.replaceChildren(el("li", { class: "mail-empty" }, icon("mail"), "E-mails that Inspector sends arrive here: codes, reminders, calendar files."));
  }
  $("tab-mail").textContent = store.newMails.size;
  $("tab-mail").hidden = !store.newMails.size;
}

export function arrived(mail) {
  store.mails.unshift(mail);
  store.newMails.add(mail.id);
  drawMails();
  $("spoken").textContent = `New e-mail: ${mail.subject}`;
}

function show(mail) {
  $("mail-list").hidden = Boolean(mail);
  $("mail-back").hidden = !mail;
  $("mail-open").hidden = !mail;
  if (!mail) { drawMails(); return; }
  store.newMails.delete(mail.id);
  drawMails();
  $("mail-open").replaceChildren(
    el("h3", {}, mail.subject || "(no subject)"),
    el("dl", { class: "mail-facts" }, el("dt", {}, "From"), el("dd", {}, mail.from), el("dt", {}, "To"), el("dd", {}, mail.to.join(", ")),
      el("dt", {}, "Sent"), el("dd", {}, long(mail.at))),
    ...mail.codes.slice(0, 3).map(code),
    ...mail.attachments.map((file) => el("a", { class: "attachment", href: file.url, download: file.name }, icon(file.type === "text/calendar" ? "calendar" : "file"), `${file.name} · ${size(file.size)}`)),
    ...bodies(mail),
  );
  $("mail-back").focus();
}

function code(text) {
  const said = el("span", {}, "Copy");
  return el("button", { class: "code", onclick: () => navigator.clipboard?.writeText(text).then(() => { said.textContent = "Copied"; }) },
    el("b", { class: text.length > 8 ? "wide" : null }, text), said);
}

function bodies(mail) {
  const text = el("div", { class: "mail-text" }, mail.text.trim());
  if (!mail.html) return [text];
  const frame = el("iframe", { class: "mail-frame", src: `/mail/${mail.id}/html`, sandbox: "allow-popups allow-popups-to-escape-sandbox", title: "The mail as sent" });
  const tabs = [["As sent", frame], ["Text", text]].map(([name, body]) => [el("button", { role: "tab" }, name), body]);
  const choose = (chosen) => tabs.forEach(([tab, body]) => { body.hidden = body !== chosen; tab.setAttribute("aria-selected", String(body === chosen)); });
  tabs.forEach(([tab, body]) => tab.addEventListener("click", () => choose(body)));
  choose(frame);
  return [el("div", { class: "segments", role: "tablist" }, ...tabs.map(([tab]) => tab)), frame, text];
}

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : `${Math.ceil(bytes / 1024)} KB`);

export function reset() {
  store.newMails.clear();
  show(null);
}

