// "Nearest first": asks the phone for its place and shows the sites around.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-nearest]");
    if (!button) return;
    const state = document.querySelector("[data-nearest-state]");
    const denied = () => { state.textContent = button.dataset.denied; };
    if (!navigator.geolocation) { denied(); return; }
    state.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition((found) => {
      state.textContent = "";
      const query = `lat=${found.coords.latitude.toFixed(6)}&lon=${found.coords.longitude.toFixed(6)}`;
      window.htmx.ajax("GET", `${button.dataset.nearest}?${query}`, { target: "#sites", swap: "innerHTML" });
    }, denied, { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true });
  });
})();
