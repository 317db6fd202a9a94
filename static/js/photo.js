// One picture: arrow keys and swipes lead to the one before and after, F or a click shows it on the full screen.
// Two pictures: one laid over the other, with a slider.
(() => {
  const view = document.querySelector("[data-photo-view]");
  const turn = (rel) => view.querySelector(`a[rel=${rel}]`)?.click();
  const typing = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");

  if (view) {
    const full = view.querySelector("[data-photo-full]");
    const show = () => { if (document.fullscreenElement) document.exitFullscreen(); else full.requestFullscreen?.(); };
    let from = null;
    document.addEventListener("keydown", (event) => {
      if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowLeft") turn("prev");
      else if (event.key === "ArrowRight") turn("next");
      else if (event.key === "f") show();
    });
    full.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || !full.requestFullscreen) return;
      event.preventDefault();
      show();
    });
    full.addEventListener("touchstart", (event) => { from = event.touches.length === 1 ? event.touches[0] : null; }, { passive: true });
    full.addEventListener("touchend", (event) => {
      const to = event.changedTouches[0];
      if (!from || !to) return;
      const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
      if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) turn(across > 0 ? "prev" : "next");
      from = null;
    });
  }

  const compare = document.querySelector("[data-compare]");
  if (compare) {
    const slider = compare.querySelector("input");
    const later = compare.querySelectorAll("img")[1];
    const move = () => { later.style.clipPath = `inset(0 0 0 ${100 - slider.value}%)`; };
    compare.classList.add("compare-over");
    slider.closest("label").hidden = false;
    slider.addEventListener("input", move);
    move();
  }
})();
