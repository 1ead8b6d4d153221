// Building elements. Text is only ever set as text.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-6.5zM11 13.5L20 4",
  dots: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  reply: "M9 7l-5 5 5 5M4 12h9a7 7 0 017 7",
  link: "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 01-1 1H5a1 1 0 01-1-1V7a1 1 0 011-1h5",
  phone: "M6 3h3l2 5-2.5 1.5a11 11 0 006 6L16 13l5 2v3a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2z",
  place: "M12 21s7-6.5 7-12a7 7 0 10-14 0c0 5.5 7 12 7 12zM12 11.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z",
  photo: "M4 6a2 2 0 012-2h12a2 2 0 012 2v12a2 2 0 01-2 2H6a2 2 0 01-2-2zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 8.5h.01",
  device: "M12 15V4M8 8l4-4 4 4M5 15v4a1 1 0 001 1h12a1 1 0 001-1v-4",
  voice: "M12 15a3.5 3.5 0 003.5-3.5v-5a3.5 3.5 0 10-7 0v5A3.5 3.5 0 0012 15zM5.500 11.500a6.500 6.500 0 0013 0M12 18v3",
  file: "M14 3H7a1 1 0 00-1 1v16a1 1 0 001 1h10a1 1 0 001-1V7zM14 3v4h4M9.5 12h5M9.5 16h5",
  smile: "M12 21a9 9 0 100-18 9 9 0 000 18zM8.5 14.5a4.5 4.5 0 007 0M9 9.5v.01M15 9.5v.01",
  down: "M6 10l6 6 6-6",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  calendar: "M5 6h14v14H5zM5 10h14M9 3.5V7M15 3.5V7",
};

/** An element: el("p", {class: "x", onclick: f}, "text", child, …). Attributes that are null are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function svg(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export function icon(name) {
  const node = svg("svg", {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": name === "dots" ? 3 : 1.9,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  });
  node.append(svg("path", { d: ICONS[name] }));
  return node;
}

/** One tick (sent), two (delivered), two blue ones (read), with words for those who can't see them. */
export function ticks(status) {
  const twice = status !== "sent";
  const node = svg("svg", {
    viewBox: "0 0 17 12", fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round",
    "stroke-linejoin": "round", role: "img", "aria-label": status, class: status === "read" ? "read" : "",
  });
  node.append(svg("path", { d: twice ? "M1.2 6.8l3 3L11 2.4M8.2 9.3l.5.500L15.6 2.4" : "M4 6.8l3 3L13.8 2.4" }));
  return node;
}

/** A little map without any tiles: streets of nowhere, a pin in the middle. */
export function map() {
  const node = svg("svg", { viewBox: "0 0 320 132", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" });
  const shapes = [
    ["rect", { width: 320, height: 132, fill: "#dfe8dc" }],
    ["path", { d: "M0 96C60 80 90 110 150 104s110-34 170-20v48H0z", fill: "#b9d8ea" }],
    ["path", { d: "M190 0h70v44h-62z", fill: "#c3dfb8" }],
    ["path", { d: "M-10 30L330 62M70-10l30 160M230-10l-34 160M-10 78l150-16M130-10l-16 66", stroke: "#fff", "stroke-width": 8, fill: "none" }],
    ["path", { d: "M-10 58L330 14", stroke: "#f6d98a", "stroke-width": 9, fill: "none" }],
    ["ellipse", { cx: 160, cy: 86, rx: 9, ry: 3, fill: "#0003" }],
    ["path", { d: "M160 86s-19-19-19-34a19 19 0 1138 0c0 15-19 34-19 34z", fill: "#d9423a" }],
    ["circle", { cx: 160, cy: 52, r: 7, fill: "#fff" }],
  ];
  for (const [tag, attributes] of shapes) node.append(svg(tag, attributes));
  return node;
}

export const $ = (id) => document.getElementById(id);

export function avatar(name, phone) {
  const hue = Number(phone.slice(-4)) % 5;
  const word = name.replace(/^A /, "").trim();
  return el("span", { class: `avatar c${hue}`, "aria-hidden": "true" }, /^[+\d]/.test(word) ? "#" : [...word][0]?.toUpperCase() ?? "?");
}
