// The search box over any page: / or Ctrl+K opens it, arrow keys choose, Enter opens, Escape goes back to where one was.
(() => {
  const box = document.querySelector("dialog[data-palette]");
  if (!box || !box.showModal) return;
  const input = box.querySelector("[role=combobox]");
  const list = box.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("a[role=option]")];

  const choose = (chosen) => {
    options().forEach((option) => option.setAttribute("aria-selected", option === chosen));
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const move = (by) => {
    const all = options();
    if (!all.length) return;
    const next = all.indexOf(chosen()) + by;
    choose(all[next < -1 ? all.length - 1 : next]); // before the first and behind the last nothing is chosen
  };

  const shut = () => { box.close(); input.blur(); }; // a closed box keeps no keys, so that / opens it at once again

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!(slash || letter) || event.isComposing || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.showModal();
    input.focus();
    input.select();
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : chosen() ? -1 : -2);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      shut();
    }
  });
  input.addEventListener("input", () => choose(null));
  list.addEventListener("htmx:afterSwap", () => {
    choose(null);
    input.setAttribute("aria-expanded", options().length > 0);
  });
  box.addEventListener("click", (event) => {
    if (event.target === box || event.target.closest("[data-palette-close]")) shut();
  });
})();
