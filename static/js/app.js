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

  // Filters answer as soon as something is chosen; the button stays for those without scripts.
  document.addEventListener("change", (event) => {
    const form = closest(event, "form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=date]")) form.requestSubmit();
  });

  // A link to hand on is taken whole with one press.
  document.addEventListener("focusin", (event) => closest(event, "[data-select]")?.select());

  const focusOn = (root) => root.querySelector("[data-focus]")?.focus({ preventScroll: false });
  document.addEventListener("DOMContentLoaded", () => focusOn(document));
  document.addEventListener("htmx:afterSwap", (event) => focusOn(event.detail.target));
  document.addEventListener("page:changed", (event) => focusOn(event.detail));
})();
