// WhatsApp's text: *bold*, _italic_, ~strike~, `code`, ```mono```, links. Always nodes, never HTML.

import { el } from "./dom.js";

const LINK = /\bhttps?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]*_~]/i;
const MARKS = { "*": "strong", "_": "em", "~": "s" };
const PAIR = /(^|[^\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/u;

// Phones don't break "PR-1042" after its hyphen; browsers do.
const REF = /\b([A-Z]{2}-\d+)\b/;

export function rich(text) {
  const out = document.createDocumentFragment();
  for (const [index, piece] of text.split(/```([\s\S]+?)```/).entries()) {
    if (index % 2) out.append(el("code", {}, piece));
    else piece.split(/`([^`\n]+)`/).forEach((part, at) => out.append(at % 2 ? el("code", {}, part) : linked(part)));
  }
  return out;
}

function linked(text) {
  const out = document.createDocumentFragment();
  for (let found = LINK.exec(text); found; found = LINK.exec(text)) {
    out.append(marked(text.slice(0, found.index)), outward(found[0], found[0]));
    text = text.slice(found.index + found[0].length);
  }
  out.append(marked(text));
  return out;
}

function marked(text) {
  const out = document.createDocumentFragment();
  for (let found = PAIR.exec(text); found; found = PAIR.exec(text)) {
    out.append(text.slice(0, found.index) + found[1], el(MARKS[found[2]], {}, marked(found[3])));
    text = text.slice(found.index + found[0].length);
  }
  out.append(...text.split(REF).map((piece, at) => (at % 2 ? el("span", { class: "ref" }, piece) : piece)));
  return out;
}

/** A link to elsewhere; only the web and the telephone, whatever the message says. */
export function outward(url, ...children) {
  const safe = /^(https?:\/\/|tel:)/i.test(url) ? url : null;
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** The text without its marks, for quotes and lists. */
export const plain = (text) => rich(text ?? "").textContent;
