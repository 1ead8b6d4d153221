// An open conversation: what is new is fetched every other second and put in its place.
"use strict";

(() => {
  const EVERY = 2000, SLOWEST = 30000; // milliseconds
  const talk = document.getElementById("talk");
  if (!talk) return;
  const part = (name) => document.getElementById(name);
  const frame = part("chat-frame"), chat = part("chat"), trouble = part("talk-trouble");
  const words = part("composer-words"), send = part("composer-send"), toNewest = part("to-newest");

  // --- as high as there is room, so that the box to answer in is on the screen
  function fit() {
    const main = talk.querySelector(".talk-main");
    main.style.height = Math.max(420, innerHeight - main.getBoundingClientRect().top - scrollY - 16) + "px";
  }
  addEventListener("resize", fit);
  fit();

  // --- the list of messages: it begins at its end, so its place is counted from there
  const atNewest = () => Math.abs(frame.scrollTop) < 40;
  const newest = () => { frame.scrollTop = 0; toNewest.hidden = true; };

  function drawn(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    return [...box.content.children];
  }

  function merge(html) {
    const fresh = drawn(html), wanted = new Set(fresh.map((item) => item.id));
    const theirs = [];
    const stayed = atNewest();
    const top = frame.getBoundingClientRect().top;
    const anchor = [...chat.children].find((item) => item.getBoundingClientRect().bottom > top);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    // What stands before the first of these was shown before, and stays.
    const first = fresh.length ? part(fresh[0].id) : null;
    for (let old = first || chat.firstElementChild; old;) {
      const next = old.nextElementSibling;
      if (!wanted.has(old.id)) old.remove();
      old = next;
    }
    let place = first;
    for (const item of fresh) {
      const old = part(item.id);
      if (!old) {
        chat.insertBefore(item, place);
        if (item.classList.contains("theirs")) theirs.push(item);
      } else if (old.outerHTML !== item.outerHTML) {
        old.replaceWith(item);
        place = item.nextElementSibling;
      } else {
        place = old.nextElementSibling;
      }
    }
    if (stayed) newest();
    else {
      if (anchor && anchor.isConnected) frame.scrollTop += anchor.getBoundingClientRect().top - before;
      if (theirs.length) toNewest.hidden = false;
    }
    if (theirs.length) {
      const said = theirs.map((item) => (item.querySelector(".said, .what") || item).textContent.trim());
      part("chat-news").textContent = talk.dataset.new + " " + said.join(" – ");
    }
  }

  // --- the parts beside it: what is opened stays open
  function put(name, html) {
    const box = part(name);
    if (!box) return;
    const open = new Map([...box.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
    const inside = box.contains(document.activeElement) && document.activeElement.closest("details[open]");
    if (inside && inside.classList.contains("sure")) return; // somebody is about to press it
    box.innerHTML = html;
    for (const one of box.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = open.get(one.id);
  }

  function show(news) {
    talk.dataset.version = news.version;
    merge(news.entries);
    put("talk-head", news.head);
    put("talk-facts", news.facts);
    put("talk-standing", news.standing);
    if (words) {
      send.disabled = !news.may_write;
      words.disabled = !news.may_write && !words.value; // what was typed can still be copied
    }
    started = performance.now();
    countDown();
  }

  // --- how long they can be answered for
  let started = performance.now();
  function countDown() {
    for (const left of document.querySelectorAll("#talk-standing [data-left]")) {
      const seconds = Number(left.dataset.left) - (performance.now() - started) / 1000;
      const minutes = Math.max(0, Math.floor(seconds / 60));
      left.textContent = seconds > 0
        ? talk.dataset.hours.replace("%h", Math.floor(minutes / 60)).replace("%m", minutes % 60)
        : talk.dataset.shut;
      if (seconds <= 0 && send) send.disabled = true;
    }
  }
  setInterval(countDown, 10000);

  // --- asking for news: not while nobody looks, less often while nobody answers
  let waiting = 0, failed = 0, over = false, asking = false;

  function later() {
    clearTimeout(waiting);
    if (over || document.hidden) return;
    waiting = setTimeout(ask, Math.min(SLOWEST, EVERY * 2 ** failed));
  }

  async function ask() {
    if (asking || over) return;
    asking = true;
    try {
      const answer = await fetch(talk.dataset.news + "?after=" + talk.dataset.version, {
        headers: { "X-Poll": "1", Accept: "application/json" },
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(15000),
      });
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
        over = true;
        trouble.textContent = talk.dataset.over;
        return;
      }
      if (answer.status === 200) show(await answer.json());
      else if (answer.status !== 204) throw new Error(String(answer.status));
      failed = 0;
      trouble.textContent = "";
    } catch {
      failed += 1;
      if (failed > 1) trouble.textContent = talk.dataset.lost;
    } finally {
      asking = false;
      later();
    }
  }

  frame.addEventListener("scroll", () => { if (atNewest()) toNewest.hidden = true; }, { passive: true });
  toNewest.addEventListener("click", newest);
  if (words) {
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled) {
        event.preventDefault();
        words.form.requestSubmit(send);
      }
    });
    words.form.addEventListener("submit", () => { over = true; setTimeout(() => { send.disabled = true; }); });
  }
  // Pages that the browser keeps for "back" come alive again with the button as it was.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (talk.dataset.news) {
    document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(waiting); else ask(); });
    later();
  }
  countDown();
})();
