// The gallery's bar for what was chosen: it says how many, stays in sight, and shows only the fields of what is to be done.
(() => {
  const bar = document.querySelector("[data-choice]");
  if (!bar) return;
  const form = bar.closest("form");
  const words = bar.querySelector("[data-choice-words]");
  const count = () => {
    const chosen = form.querySelectorAll("input[name=photos]:checked").length;
    words.textContent = chosen ? bar.dataset.some.replace("{n}", chosen) : bar.dataset.none;
    bar.classList.toggle("gallery-bulk-some", chosen > 0);
  };
  const follow = () => {
    for (const part of bar.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(",").includes(form.elements.do.value);
  };
  form.addEventListener("change", () => { count(); follow(); });
  window.addEventListener("pageshow", () => { count(); follow(); });
  count();
  follow();
})();
