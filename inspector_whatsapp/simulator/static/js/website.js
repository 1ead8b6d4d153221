// The stand-in's pages: wishes go as JSON, and what has changed meanwhile is shown.

const LOOK = 2000; // milliseconds, as the API asks those who poll
const $ = (id) => document.getElementById(id);
let told = null;

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(binary);
}

async function fields(form) {
  const said = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") said[name] = value;
    else if (value.size) said[name] = await base64(value);
  }
  return said;
}

function wrong(words) {
  $("wrong").textContent = words;
  $("wrong").hidden = !words;
  if (words) $("wrong").scrollIntoView({ block: "nearest" });
}

async function wish(form) {
  if (form.dataset.sure && !confirm(form.dataset.sure)) return;
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const response = await fetch(`/inspector/do/${form.dataset.do}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(await fields(form)),
    });
    const answer = await response.json();
    if (answer.go) {
      if (answer.go === location.pathname) location.reload();
      else location.assign(answer.go);
      return; // the buttons stay as they are until the page is another
    }
    wrong(answer.error);
  } catch {
    wrong("The simulator can’t be reached.");
  }
  for (const button of buttons) button.disabled = false;
  look();
}

/** Put new markup in the place of old; what was opened there stays open. It is the server's, and escaped there. */
function put(place, markup) {
  if (place.shown === markup) return;
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  place.innerHTML = markup;
  place.shown = markup;
  for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.key);
}

async function look() {
  const places = [...document.querySelectorAll("[data-live]")];
  const parts = places.map((place) => place.dataset.live).join(",");
  const answer = await (await fetch(`/inspector/live?parts=${parts}`)).json();
  for (const place of places) if (place.dataset.live in answer.parts) put(place, answer.parts[place.dataset.live]);
  const waits = document.querySelector("#main [data-waits]"); // for an answer of somebody's
  if (waits || (told !== null && told !== answer.told)) await follow();
  told = answer.told;
}

/** WhatsApp has told something: show the page as it is now, unless somebody is filling in a form. */
async function follow() {
  const main = $("main");
  if (main.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
  if (main.querySelector('[data-live], input[type="file"]')) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  put(main, page.getElementById("main").innerHTML);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-do]");
  if (!form) return;
  event.preventDefault();
  wrong("");
  wish(form);
});

async function go() {
  if (!document.hidden) await look().catch(() => {});
  setTimeout(go, LOOK);
}
go();
