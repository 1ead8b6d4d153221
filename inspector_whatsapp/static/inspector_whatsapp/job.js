// The page of a job follows it: every two seconds, while it goes on and somebody looks.
"use strict";
(() => {
  const EVERY = 2000;
  const LONGEST = 30000;

  const follow = (section) => {
    let pause = EVERY;
    const show = (far) => {
      for (const place of section.querySelectorAll("[data-far]")) {
        const value = far[place.dataset.far];
        if (place.tagName === "PROGRESS") {
          place.value = value;
        } else if (place.textContent !== String(value)) {
          place.textContent = value;
        }
      }
    };
    const look = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(section.dataset.job, {
            headers: { "X-Poll": "1", Accept: "application/json" },
            redirect: "error",
          });
          if ([401, 403, 404].includes(answer.status)) return; // logged out, or no longer theirs to see
          if (!answer.ok) throw new Error(answer.status);
          const far = await answer.json();
          show(far);
          pause = EVERY;
          if (!far.open) {
            // What it left out, and when it ended, stand on the page as it is now.
            location.reload();
            return;
          }
        } catch {
          pause = Math.min(pause * 2, LONGEST);
        }
      }
      setTimeout(look, pause);
    };
    setTimeout(look, EVERY);
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const section of document.querySelectorAll("[data-job]:not([data-job=''])")) follow(section);
  });
})();
