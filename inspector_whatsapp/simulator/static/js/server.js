// Talking to the simulator.

async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (method === "POST") {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The simulator answered ${response.status}`);
  return answer;
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
export const remove = (path) => ask("DELETE", path);

/** Wish something and tell, in the notice line, when it went wrong. */
export async function wish(path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    notice(error.message, 6000);
    return null;
  }
}

let timer;

/** A line under the bar; it goes by itself when `milliseconds` are given. */
export function notice(text, milliseconds = 0) {
  const line = document.getElementById("notice");
  clearTimeout(timer);
  line.textContent = text;
  line.hidden = !text;
  if (milliseconds) timer = setTimeout(() => notice(""), milliseconds);
}
