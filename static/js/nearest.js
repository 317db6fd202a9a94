// "Nearest first": asks the phone for its place and shows the sites around.
(() => {
  let touched = false; // whoever is choosing already does not want the list to move
  document.addEventListener("pointerdown", () => { touched = true; });

  const ask = (button, pressed) => {
    const state = document.querySelector("[data-nearest-state]");
    const denied = () => { state.textContent = button.dataset.denied; };
    if (!navigator.geolocation) { denied(); return; }
    state.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition((found) => {
      state.textContent = "";
      if (touched && !pressed) return;
      const query = `lat=${found.coords.latitude.toFixed(6)}&lon=${found.coords.longitude.toFixed(6)}`;
      window.htmx.ajax("GET", `${button.dataset.nearest}?${query}`, { target: "#sites", swap: "innerHTML" });
    }, denied, { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true });
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-nearest]");
    if (button) ask(button, true);
  });

  // Who has allowed it before is not made to ask again.
  const ready = async () => {
    const button = document.querySelector("[data-nearest]");
    if (!button || new URLSearchParams(window.location.search).get("q")) return;
    try {
      const permission = await navigator.permissions.query({ name: "geolocation" });
      if (permission.state === "granted") ask(button, false);
    } catch { /* a browser that cannot tell waits for the button */ }
  };
  if (document.readyState === "complete") ready();
  else window.addEventListener("load", ready);
})();
