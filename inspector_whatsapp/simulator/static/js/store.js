// What the page knows.

export const store = {
  page: 0,
  current: null, // the phone number of the person whose phone is shown
  people: new Map(),
  chats: new Map(), // phone → Map of id → entry, in order
  mails: [],
  clock: {},
  rules: [],
  switches: {},
  newMails: new Set(),
};

export const person = () => store.people.get(store.current) ?? null;
export const chat = (phone = store.current) => store.chats.get(phone) ?? new Map();

/** Take a person as the simulator tells; `unread` is 0 while that phone is looked at. */
export function keepPerson(given) {
  store.people.set(given.phone, given);
}
