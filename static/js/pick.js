// Offers known firms while a name is being typed; a name that is not known is simply a new firm.
(() => {
  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.pick) return;
    clearTimeout(timers.get(input));
    timers.set(input, setTimeout(async () => {
      const text = input.value.trim();
      if (text.length < 2 || !input.list) return;
      try {
        const answer = await fetch(`${input.dataset.pick}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } });
        if (answer.ok && input.value.trim() === text) input.list.innerHTML = await answer.text();
      } catch { /* without a connection the name is simply typed */ }
    }, 220));
  });
})();
