// Small manners of every page. Everything works without them.
(() => {
  const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  document.addEventListener("click", (event) => {
    const dismiss = closest(event, "[data-dismiss]");
    if (dismiss) dismiss.closest(".notice")?.remove();
    document.querySelectorAll("details.menu[open], details.popover[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open], details.popover[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      });
    }
  });

  // A second press of the same button does nothing while the first is on its way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }));

  // Filters answer as soon as something is chosen; the button stays for those without scripts.
  document.addEventListener("change", (event) => {
    const form = closest(event, "form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=date]")) form.requestSubmit();
  });

  const focusOn = (root) => root.querySelector("[data-focus]")?.focus({ preventScroll: false });
  document.addEventListener("DOMContentLoaded", () => focusOn(document));
  document.addEventListener("htmx:afterSwap", (event) => focusOn(event.detail.target));
})();
