// "I am there now": fills latitude and longitude from the phone.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-here]");
    if (!button) return;
    const state = button.parentElement.querySelector("[data-here-state]");
    const denied = () => { state.textContent = button.dataset.denied; };
    if (!navigator.geolocation) { denied(); return; }
    navigator.geolocation.getCurrentPosition((found) => {
      const [latitude, longitude] = button.dataset.here.split(" ").map((name) => button.form.elements[name]);
      latitude.value = found.coords.latitude.toFixed(6);
      longitude.value = found.coords.longitude.toFixed(6);
      state.textContent = `± ${Math.round(found.coords.accuracy)} m`;
    }, denied, { timeout: 8000, enableHighAccuracy: true });
  });
})();
