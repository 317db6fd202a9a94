// Forms are sent beside the page: neither a refusal nor a lost connection costs what was typed, and a second press
// of the button does nothing while the first is on its way. Where there is no place for answers, the page itself goes.
(() => {
  const PATIENCE = 45000; // milliseconds; files take as long as they take
  const busy = (form, on) => {
    if (on) form.dataset.sent = "1"; else delete form.dataset.sent;
    form.ariaBusy = on ? "true" : null;
    form.querySelectorAll("button").forEach((button) => { button.ariaDisabled = on ? "true" : null; });
  };

  const body = (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  };

  const hasFile = (form) => [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);

  const go = (address) => {
    const target = new URL(address, window.location.href);
    const stays = target.pathname + target.search === window.location.pathname + window.location.search;
    window.location.assign(target);
    if (stays && target.hash) window.location.reload();
  };

  const tell = (place, text) => {
    const line = document.createElement("div");
    line.className = "notice notice-danger";
    line.setAttribute("role", "alert");
    line.textContent = text;
    place.replaceChildren(line);
  };

  // The whole page again, only the form of it, or a sentence to read: each goes where it belongs.
  const show = (form, text, place) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const content = page.getElementById("content");
    const same = form.id && page.getElementById(form.id);
    let shown = place;
    if (content) {
      place.replaceChildren(...(page.getElementById("notices")?.childNodes ?? []));
      document.getElementById("content").replaceWith(content);
      document.title = page.title;
      shown = content;
    } else if (same) {
      place.replaceChildren();
      form.replaceWith(same);
      shown = same;
    } else {
      place.replaceChildren(...page.body.childNodes);
      busy(form, false);
    }
    window.htmx?.process(shown);
    document.dispatchEvent(new CustomEvent("page:changed", { detail: shown }));
  };

  const send = async (form, button, place) => {
    const signal = hasFile(form) ? undefined : AbortSignal.timeout?.(PATIENCE);
    try {
      const address = form.getAttribute("action") || window.location.href;
      const answer = await fetch(address, { method: "POST", body: body(form, button), headers: { "HX-Request": "true" }, signal });
      const target = answer.headers.get("HX-Redirect") || (answer.redirected ? answer.url : "");
      if (target) go(target);
      else show(form, await answer.text(), place);
    } catch {
      busy(form, false);
      tell(place, place.dataset.lost);
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    const place = document.getElementById("notices");
    if (place || form.dataset.sent) event.preventDefault();
    if (form.dataset.sent) return;
    const button = event.submitter;
    busy(form, true);
    if (place) send(form, button, place);
    else setTimeout(() => busy(form, false), 8000);
  });

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => busy(form, false)));
})();
