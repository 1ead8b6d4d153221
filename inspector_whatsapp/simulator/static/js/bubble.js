// One message of the chat as an element.

import { el, icon, map, ticks } from "./dom.js";
import { outward, plain, rich } from "./format.js";
import { hour } from "./time.js";

/** `act` has what a tap does: tap, open, sheet, form, place, number, more, find, jump. */
export function bubble(entry, act) {
  const mine = entry.from === "person";
  const view = entry.view;
  if (!mine && entry.status === "failed") {
    const why = entry.error ? `${entry.error.code}: ${entry.error.title}` : "";
    return el("li", { class: "note failed" }, el("span", {}, `Not delivered (${why})`));
  }
  if (view.kind === "note") return el("li", { class: "note" }, el("span", {}, view.body));
  const media = view.media ?? view.header?.media;
  const bare = view.media?.kind === "image" && !view.body;
  const wide = !mine && (view.buttons?.length || view.list);
  const reactions = Object.values(entry.reactions).filter(Boolean);
  const meta = el("span", { class: "meta" }, el("time", { datetime: entry.at }, hour(entry.at)), mine && ticks(entry.status));
  const body = view.body && view.kind !== "location" && el("div", { class: "body", dir: "auto" }, rich(view.body));
  const foot = view.footer && el("p", { class: "foot" }, view.footer);
  (foot || body || null)?.append(meta); // the hour stands at the end of the last line
  const content = el("div", { class: `bubble${bare ? " bare" : ""}` },
    view.quotes && quote(act.find(view.quotes), view.quotes, act),
    media && file(media, act),
    view.header?.text && el("p", { class: "head-text" }, view.header.text),
    (view.location ?? view.header?.location) && place(view.location ?? view.header.location),
    body, foot, !body && !foot && meta,
  );
  return el("li", {
    class: ["entry", mine && "mine", wide && "wide", media && "photo", reactions.length && "reacted"].filter(Boolean).join(" "),
    "data-id": entry.id,
  }, el("div", { class: "column" },
    content,
    reactions.length > 0 && el("span", { class: "reactions" }, reactions.join(" ")),
    el("button", { class: "more", title: "React or reply", "aria-haspopup": "menu", onclick: (event) => act.more(entry, event.currentTarget) }, icon("smile")),
  ), el("div", { class: "column actions" }, actions(entry, act)));
}

function actions(entry, act) {
  const view = entry.view;
  const buttons = (view.buttons ?? []).length > 3 ? view.buttons.slice(0, 2) : view.buttons ?? [];
  const shown = buttons.map((button) => action(entry, button, act));
  if ((view.buttons ?? []).length > 3) {
    shown.push(el("button", { class: "action", onclick: () => act.all(entry) }, icon("list"), "See all options"));
  }
  if (view.list) shown.push(el("button", { class: "action", "aria-haspopup": "dialog", onclick: () => act.sheet(entry) }, icon("list"), view.list.button));
  return shown;
}

export function action(entry, button, act) {
  const press = (name, run) => el("button", { class: "action", onclick: run }, name && icon(name), button.title);
  switch (button.kind) {
    case "reply":
    case "quick_reply": return press("reply", () => act.tap(button.id, button.title, entry.id));
    case "form": return press("calendar", () => act.form(entry));
    case "send_location": return press("place", () => act.place(entry.id));
    case "share_number": return press("phone", () => act.number(entry.id));
    case "url":
    case "call": {
      const link = outward(button.url, icon(button.kind === "url" ? "link" : "phone"), button.title);
      link.className = "action";
      return link;
    }
    default: return el("span", { class: "action", "aria-disabled": "true" }, button.title);
  }
}

function file(media, act) {
  if (media.kind === "image" || media.kind === "sticker") {
    if (!media.url) return el("span", { class: "file" }, icon("photo"), "Photo");
    const image = el("img", { src: media.url, alt: "Photo", loading: "lazy", onload: act.grown });
    return el("button", { class: "picture", title: "Open the photo", onclick: () => act.open(media.url) }, image);
  }
  if (media.kind === "audio") return el("audio", { src: media.url, controls: true, controlslist: "nodownload noplaybackrate", preload: "metadata", title: "Voice message" });
  const name = media.name || media.kind[0].toUpperCase() + media.kind.slice(1);
  return el("a", { class: "file", href: media.url, target: "_blank" }, icon("file"), el("span", {}, name));
}

function place(where) {
  const link = outward(`https://www.openstreetmap.org/?mlat=${Number(where.latitude)}&mlon=${Number(where.longitude)}&zoom=16`,
    map(), el("strong", {}, where.name || "Location"),
    el("span", {}, where.address || `${Number(where.latitude).toFixed(4)}, ${Number(where.longitude).toFixed(4)}`));
  link.className = "place";
  return link;
}

function quote(entry, id, act) {
  if (!entry) return null;
  return el("button", { class: "quote", onclick: () => act.jump(id) },
    el("b", {}, entry.from === "person" ? "You" : "Inspector"), el("span", {}, summary(entry)));
}

export function summary(entry) {
  const view = entry.view;
  const sent = { image: "Photo", audio: "Voice message", video: "Video", sticker: "Sticker" };
  return plain(view.body || view.header?.text || "") || (view.location && "Location")
    || (view.media && (sent[view.media.kind] ?? view.media.name)) || "Message";
}
