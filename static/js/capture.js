// The form for a lead follows the chosen source: its tip is shown, and the field it demands moves up from the fold.
(() => {
  const form = document.querySelector("[data-capture]");
  if (!form) return;
  const source = form.elements.source;
  const wanted = form.querySelector("[data-wanted]");
  const spare = form.querySelector("[data-spare]");
  const follow = () => {
    let evidence = "";
    for (const tip of form.querySelectorAll("[data-tip]")) {
      tip.hidden = tip.dataset.tip !== source.value;
      if (!tip.hidden) evidence = tip.dataset.evidence;
    }
    for (const field of form.querySelectorAll("[data-brings]")) {
      const place = field.dataset.brings === evidence ? wanted : spare;
      if (field.parentElement !== place) place.append(field);
    }
  };
  source.addEventListener("change", follow);
  follow(); // a browser that goes back keeps the source that was chosen
})();
