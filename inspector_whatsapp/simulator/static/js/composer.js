// Writing, photos, files, places, voice notes.

import { $, el, icon } from "./dom.js";
import { notice } from "./server.js";
import { closeSheet, openSheet, row } from "./sheet.js";
import { quote, quoted, say } from "./chat.js";

const PLACES = [
  ["Lekki Phase 1", "Admiralty Way, Lagos", 6.4478, 3.4723],
  ["Yaba", "Herbert Macaulay Way, Lagos", 6.5095, 3.3711],
  ["Ikeja GRA", "Isaac John Street, Lagos", 6.5833, 3.3515],
  ["Wuse 2", "Aminu Kano Crescent, Abuja", 9.0765, 7.4702],
];
const MOST_BYTES = 16 * 1024 * 1024;

export function setUp() {
  $("send").append(icon("send"));
  $("attach").append(icon("plus"));
  $("quoting-stop").append(icon("close"));
  $("attach-sample").prepend(icon("photo"));
  $("attach-photos").prepend(icon("device"));
  $("attach-file").prepend(icon("file"));
  $("attach-place").prepend(icon("place"));
  $("attach-voice").prepend(icon("voice"));
  $("quoting-stop").addEventListener("click", () => quote(null));
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("text").addEventListener("input", grow);
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  $("attach").addEventListener("click", () => menu($("attach-menu").hidden));
  $("attach-menu").addEventListener("keydown", walk);
  const attach = (name, run) => $(name).addEventListener("click", () => { menu(false); run(); });
  attach("attach-sample", () => { say({ image: true }); $("text").focus(); });
  attach("attach-photos", () => $("photos").click());
  attach("attach-file", () => $("file").click());
  attach("attach-place", () => choosePlace());
  attach("attach-voice", () => { say({ audio: true }); $("text").focus(); });
  $("photos").addEventListener("change", () => sendFiles($("photos"), "image"));
  $("file").addEventListener("change", () => sendFiles($("file"), "document"));
  document.addEventListener("click", (event) => { if (!event.target.closest("#attach, #attach-menu")) menu(false); });
}

function menu(open) {
  $("attach-menu").hidden = !open;
  $("attach").setAttribute("aria-expanded", String(open));
  if (open) $("attach-sample").focus();
}

function walk(event) {
  const items = [...$("attach-menu").children];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (next !== undefined) { event.preventDefault(); items.at(next % items.length).focus(); }
  if (event.key === "Escape") { menu(false); $("attach").focus(); }
}

/** Put words into the box; they are sent when the person does. */
export function write(words) {
  $("text").value = words;
  grow();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

async function send() {
  const box = $("text");
  const text = box.value.trim();
  if (!text) return;
  const reply = quoted.id;
  box.value = "";
  grow();
  quote(null);
  const sent = await say({ text, ...(reply && { reply_to: reply }) });
  if (!sent && !box.value) { box.value = text; grow(); }
}

/** Each is a message of its own, as an album is; what stands in the box goes with the first. */
async function sendFiles(input, kind) {
  const files = [...input.files];
  input.value = "";
  if (files.some((file) => file.size > MOST_BYTES)) { notice("Files may have 16 MB at most.", 6000); return; }
  const contents = await Promise.all(files.map(base64));
  const caption = $("text").value.trim();
  for (const [place, file] of files.entries()) {
    const words = !place && caption && { caption };
    const sent = await say({ [kind]: { base64: contents[place], mime: file.type, filename: file.name, ...words } });
    if (sent && words) { $("text").value = ""; grow(); }
  }
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(binary);
}

export function choosePlace(reply) {
  const go = (location) => { closeSheet(); say({ location, ...(reply && { reply_to: reply }) }); $("text").focus(); };
  const latitude = el("input", { inputmode: "decimal", value: "6.6018", required: true });
  const longitude = el("input", { inputmode: "decimal", value: "3.3515", required: true });
  const form = el("form", { class: "fields" },
    el("div", { class: "two" }, el("label", {}, "Latitude", latitude), el("label", {}, "Longitude", longitude)),
    el("button", { class: "primary", type: "submit" }, "Send this place"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ latitude: Number(latitude.value), longitude: Number(longitude.value) });
  });
  openSheet("Send location",
    PLACES.map(([name, address, lat, lon]) => row({
      title: name, note: address, mark: "place", onclick: () => go({ latitude: lat, longitude: lon, name, address }),
    })),
    el("h3", {}, "Somewhere else"), form);
}
