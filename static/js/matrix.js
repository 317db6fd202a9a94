// The matrix under the hand: the drawer on a desk, arrow keys, the strip and the present column on a phone.
(() => {
  const desk = window.matchMedia("(min-width: 992px)");
  const cellOf = (root, key) => root.querySelector(`.mx-link[data-cell="${key}"]`);

  const openDrawer = (link) => {
    const drawer = document.getElementById("drawer");
    if (!drawer || !window.htmx) return false;
    document.querySelectorAll(".mx-selected").forEach((cell) => cell.classList.remove("mx-selected"));
    link.closest(".mx-cell")?.classList.add("mx-selected");
    drawer.hidden = false;
    drawer.dataset.from = link.dataset.cell;
    window.htmx.ajax("GET", link.href, { target: "#drawer", swap: "innerHTML" });
    return true;
  };

  const closeDrawer = () => {
    const drawer = document.getElementById("drawer");
    if (!drawer || drawer.hidden) return;
    drawer.hidden = true;
    drawer.replaceChildren();
    document.querySelectorAll(".mx-selected").forEach((cell) => cell.classList.remove("mx-selected"));
    const matrix = document.querySelector("[data-matrix]");
    if (matrix && drawer.dataset.from) cellOf(matrix, drawer.dataset.from)?.focus();
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-close-drawer]")) { closeDrawer(); return; }
    const link = event.target.closest(".bench .mx-link");
    if (link && desk.matches && !event.ctrlKey && !event.metaKey && openDrawer(link)) event.preventDefault();
    const all = event.target.closest("[data-all-rows]");
    if (all) {
      const open = all.closest("[data-matrix]").classList.toggle("mx-open");
      all.setAttribute("aria-pressed", String(open));
    }
    const rect = event.target.closest("[data-strip] rect");
    if (rect) jump(rect.closest("[data-matrix]"), rect.dataset.cell);
  });

  const centre = (matrix, key) => {
    const scroller = matrix.querySelector("[data-scroll]");
    const cell = cellOf(matrix, key)?.closest(".mx-cell");
    if (!scroller || !cell) return;
    const head = matrix.querySelector(".mx-phase")?.offsetWidth || 0;
    scroller.scrollLeft = cell.offsetLeft - head - (scroller.clientWidth - head - cell.offsetWidth) / 2;
  };

  const jump = (matrix, key) => {
    const row = cellOf(matrix, key)?.closest("tr");
    if (row?.classList.contains("mx-row-far")) {
      matrix.classList.add("mx-open");
      matrix.querySelector("[data-all-rows]")?.setAttribute("aria-pressed", "true");
    }
    centre(matrix, key);
    cellOf(matrix, key)?.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest(".mx-link");
    if (event.key === "Escape") closeDrawer();
    if (!link) return;
    const cell = link.closest(".mx-cell");
    const row = cell.parentElement;
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (steps) {
      const rows = [...row.parentElement.rows];
      const target = rows[rows.indexOf(row) + steps[0]]?.cells[cell.cellIndex + steps[1]]?.querySelector(".mx-link");
      if (target) { target.focus(); event.preventDefault(); }
    } else if (event.key === "n" || event.key === "N") {
      const log = document.querySelector("[data-log]");
      if (!log) return;
      const [phase, step] = link.dataset.cell.split("/");
      window.location = `${log.href}?phase=${phase}&step=${step}`;
    }
  });

  const settle = () => document.querySelectorAll("[data-matrix]").forEach((matrix) => {
    if (!desk.matches) centre(matrix, matrix.dataset.here);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle);
  else settle();
})();
