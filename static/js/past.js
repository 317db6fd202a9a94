// The slider of past days: the knob and the date field say the same, the day shown follows them, Play walks by months.
(() => {
  const DAY = 86400000;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const dayOf = (text) => new Date(`${text}T00:00:00Z`);
  const textOf = (day) => day.toISOString().slice(0, 10);
  const spoken = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });

  const monthsOn = (day, months) => {
    const wanted = day.getUTCDate();
    const found = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 1));
    const last = new Date(Date.UTC(found.getUTCFullYear(), found.getUTCMonth() + 1, 0)).getUTCDate();
    found.setUTCDate(Math.min(wanted, last));
    return found;
  };

  const start = (form) => {
    const knob = form.elements.at;
    const field = form.elements.on;
    const said = form.querySelector("[data-past-said]");
    const play = form.querySelector("[data-past-play]");
    const target = document.getElementById("past-day");
    const first = dayOf(form.dataset.first);
    const today = said.dataset.today || form.querySelector(".past-end:last-of-type").textContent;
    let waiting = 0;
    let playing = 0;
    let loading = false;
    let again = false;

    const at = () => Number(knob.value);
    const put = (days) => {
      knob.value = String(Math.max(0, Math.min(days, Number(knob.max))));
      const day = new Date(first.getTime() + at() * DAY);
      field.value = textOf(day);
      said.textContent = at() === Number(knob.max) ? today : spoken.format(day);
      knob.setAttribute("aria-valuetext", said.textContent);
    };
    // What else on the page leads to the same board keeps the day: the shades, and the filters.
    const tell = (day) => {
      document.querySelectorAll(".segments a").forEach((link) => {
        const address = new URL(link.href);
        if (day) address.searchParams.set("on", day); else address.searchParams.delete("on");
        link.href = address.href;
      });
      document.querySelectorAll("form.filters").forEach((filters) => {
        const kept = filters.elements.on || filters.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "on" }));
        kept.value = day;
      });
    };
    // One answer at a time: whoever drags on is shown the day he comes to rest at.
    const show = () => {
      window.clearTimeout(waiting);
      const asked = new URLSearchParams();
      new FormData(form).forEach((value, name) => { if (value && name !== "at" && name !== "was") asked.append(name, value); });
      const address = `${form.getAttribute("action")}?${asked}`;
      const leaves = "pastLeaves" in form.dataset && at() === Number(knob.max); // today has a page of its own
      if (leaves) { window.location = form.getAttribute("action"); return; }
      if (!target || !window.htmx) { window.location = address; return; }
      if (loading) { again = true; return; }
      loading = true;
      const done = () => {
        loading = false;
        document.dispatchEvent(new CustomEvent("page:changed", { detail: target }));
        if (again) { again = false; show(); }
      };
      window.htmx.ajax("GET", address, { target: "#past-day", swap: "innerHTML", source: form }).then(done, done);
      window.history.replaceState(window.history.state, "", address);
      tell(at() === Number(knob.max) ? "" : field.value);
    };
    const stop = () => {
      window.clearInterval(playing);
      playing = 0;
      if (!play) return;
      play.setAttribute("aria-pressed", "false");
      play.querySelector("span").textContent = play.dataset.start;
    };
    const walk = () => {
      if (at() >= Number(knob.max)) { stop(); return; }
      const day = monthsOn(dayOf(field.value), 1);
      put(Math.round((day - first) / DAY));
      show();
    };

    knob.addEventListener("input", () => { stop(); put(at()); window.clearTimeout(waiting); if (target) waiting = window.setTimeout(show, 200); });
    knob.addEventListener("change", () => { stop(); show(); });
    field.addEventListener("change", () => {
      stop();
      if (!field.value) return;
      put(Math.round((dayOf(field.value) - first) / DAY));
      show();
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); stop(); show(); });
    form.addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest("[data-past-months]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      stop();
      put(Math.round((monthsOn(dayOf(field.value), Number(link.dataset.pastMonths)) - first) / DAY));
      show();
    });
    if (play && target && !still.matches && Number(knob.max) > 31) {
      play.dataset.start = play.querySelector("span").textContent;
      play.hidden = false;
      play.setAttribute("aria-pressed", "false");
      play.addEventListener("click", () => {
        if (playing) { stop(); return; }
        play.setAttribute("aria-pressed", "true");
        play.querySelector("span").textContent = play.dataset.stop;
        if (at() >= Number(knob.max)) { put(0); show(); }
        playing = window.setInterval(walk, 900);
      });
    }
    form.querySelector("[data-past-show]").hidden = true;
  };

  const begin = () => document.querySelectorAll("form[data-past]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
