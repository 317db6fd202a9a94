// Plans are dragged onto days, and what waits is put onto one; the forms beside do the same without a mouse.
(() => {
  let dragged = null;
  const day = (event) => event.target instanceof Element && event.target.closest("[data-day]");

  document.addEventListener("dragstart", (event) => {
    dragged = event.target instanceof Element && event.target.closest("[data-plan], [data-put]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.textContent.trim());
    dragged.classList.add("cal-dragged");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("cal-dragged");
    document.querySelectorAll(".cal-over").forEach((cell) => cell.classList.remove("cal-over"));
    dragged = null;
  });
  document.addEventListener("dragover", (event) => {
    const cell = dragged && day(event);
    if (!cell) return;
    event.preventDefault();
    document.querySelectorAll(".cal-over").forEach((other) => other !== cell && other.classList.remove("cal-over"));
    cell.classList.add("cal-over");
  });
  document.addEventListener("drop", (event) => {
    const cell = dragged && day(event);
    if (!cell) return;
    event.preventDefault();
    if (dragged.dataset.plan) {
      const form = document.querySelector("form[data-cal-move]");
      form.action = dragged.dataset.plan;
      form.elements.on.value = cell.dataset.day;
      form.elements.version.value = dragged.dataset.version;
      form.requestSubmit();
    } else {
      const choice = dragged.querySelector("select[name=on]");
      choice.value = cell.dataset.day;
      if (choice.value) choice.form.requestSubmit();
    }
  });

  // The route starts where the phone is.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-route-start]");
    if (!button) return;
    const denied = () => { document.querySelector("[data-route-state]").textContent = button.dataset.denied; };
    if (!navigator.geolocation) { denied(); return; }
    navigator.geolocation.getCurrentPosition((found) => {
      const address = new URL(window.location.href);
      address.searchParams.set("lat", found.coords.latitude.toFixed(6));
      address.searchParams.set("lon", found.coords.longitude.toFixed(6));
      window.location.assign(address);
    }, denied, { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true });
  });
})();
