// The simulated time, and how it is written. The demo people live in Lagos.

const ZONE = "Africa/Lagos";
let offset = 0;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: ZONE });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: ZONE });
const short = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: ZONE });

export const setOffset = (seconds) => { offset = seconds * 1000; };
export const now = () => new Date(Date.now() + offset);
export const hour = (at) => clock.format(new Date(at));
export const dayKey = (at) => day.format(new Date(at));

const ago = (at) => Math.round((Date.parse(dayKey(now())) - Date.parse(dayKey(at))) / 86400000);

/** "Today", "Yesterday", a weekday, or the date: as between the messages of a chat. */
export function dayName(at) {
  const days = ago(at);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 1 && days < 7 ? weekday.format(new Date(at)) : date.format(new Date(at));
}

/** The hour today, else the day: as in the list of chats. */
export const moment = (at) => (ago(at) === 0 ? hour(at) : dayName(at));

export const long = (at) => `${short.format(new Date(at)).replace(",", "")}, ${hour(at)}`;

export function span(seconds) {
  const days = Math.floor(Math.abs(seconds) / 86400);
  const hours = Math.floor((Math.abs(seconds) % 86400) / 3600);
  const minutes = Math.floor((Math.abs(seconds) % 3600) / 60);
  const parts = [days && `${days} d`, hours && `${hours} h`, minutes && `${minutes} min`].filter(Boolean);
  return parts.length ? `${seconds < 0 ? "−" : "+"}${parts.join(" ")}` : "";
}
