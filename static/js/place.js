// "I am there now": fills latitude and longitude from the phone.
// A form that is opened on the site fills them by itself where the phone may say its place anyway.
(() => {
  const fill = (button) => {
    const state = button.parentElement.querySelector("[data-here-state]");
    const denied = () => { state.textContent = button.dataset.denied; };
    if (!navigator.geolocation) { denied(); return; }
    navigator.geolocation.getCurrentPosition((found) => {
      const [latitude, longitude] = button.dataset.here.split(" ").map((name) => button.form.elements[name]);
      latitude.value = found.coords.latitude.toFixed(6);
      longitude.value = found.coords.longitude.toFixed(6);
      longitude.dispatchEvent(new Event("change", { bubbles: true }));
      state.textContent = `± ${Math.round(found.coords.accuracy)} m`;
    }, denied, { timeout: 8000, enableHighAccuracy: true });
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-here]");
    if (button) fill(button);
  });

  const waiting = document.querySelector("[data-here-when-granted]");
  if (waiting && navigator.permissions && matchMedia("(pointer: coarse)").matches) {
    navigator.permissions.query({ name: "geolocation" }).then((answer) => {
      if (answer.state === "granted" && !waiting.form.elements.latitude.value) fill(waiting);
    });
  }
})();
