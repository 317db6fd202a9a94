// The bell counts on while a page stays open: it asks now and then, and at once when somebody comes back to the page.
(() => {
  const bell = document.querySelector(".bell[data-unread]");
  if (!bell) return;
  const EVERY = 15000;
  let last = Date.now();

  const show = ({ n, badge, words }) => {
    let count = bell.querySelector(".bell-count");
    if (!n) count?.remove();
    else {
      if (!count) {
        count = document.createElement("span");
        count.className = "bell-count";
        count.setAttribute("aria-hidden", "true");
        bell.querySelector("svg").after(count);
      }
      count.textContent = badge;
    }
    bell.querySelector(".visually-hidden").textContent = n ? `${bell.dataset.name}: ${words}` : bell.dataset.name;
  };
  const ask = async () => {
    last = Date.now();
    try {
      const answer = await fetch(bell.dataset.unread, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) show(await answer.json());
    } catch { /* no connection, or signed out: the next page says so */ }
  };

  window.setInterval(() => { if (!document.hidden && Date.now() - last >= EVERY) ask(); }, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();
