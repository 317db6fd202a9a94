// The matrix under the hand: the drawer on a desk, arrow keys, the strip and the present column on a phone.
(() => {
  const desk = window.matchMedia("(min-width: 992px)");
  const cellOf = (root, key) => root.querySelector(`.mx-link[data-cell="${key}"]`);

  // A cell in whose form something was typed is put aside as it is and comes back so.
  const aside = new Map();
  const changed = (field) => {
    if (field.options) {
      const chosen = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return ["text", "textarea", "date"].includes(field.type) && field.value !== field.defaultValue;
  };
  const typed = (drawer) => [...drawer.querySelectorAll("form")].some(
    (form) => form.querySelector(".upload") || [...form.elements].some(changed));
  const empty = (drawer) => {
    if (typed(drawer)) aside.set(drawer.dataset.from, [...drawer.childNodes]);
    drawer.replaceChildren();
    document.querySelectorAll(".mx-selected").forEach((cell) => cell.classList.remove("mx-selected"));
  };

  const openDrawer = (link) => {
    const drawer = document.getElementById("drawer");
    if (!drawer || !window.htmx) return false;
    empty(drawer);
    link.closest(".mx-cell")?.classList.add("mx-selected");
    drawer.hidden = false;
    drawer.dataset.from = link.dataset.cell;
    const kept = aside.get(link.dataset.cell);
    aside.delete(link.dataset.cell);
    if (kept) {
      drawer.replaceChildren(...kept);
      drawer.querySelector("[data-focus]")?.focus();
    } else {
      window.htmx.ajax("GET", link.href, { target: "#drawer", swap: "innerHTML" });
    }
    return true;
  };

  const closeDrawer = () => {
    const drawer = document.getElementById("drawer");
    if (!drawer || drawer.hidden) return;
    empty(drawer);
    drawer.hidden = true;
    const matrix = document.querySelector("[data-matrix]");
    if (matrix && drawer.dataset.from) cellOf(matrix, drawer.dataset.from)?.focus();
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-close-drawer]")) { closeDrawer(); return; }
    const link = event.target.closest(".bench .mx-link");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // a tab or window of its own
    if (link && desk.matches && !elsewhere && openDrawer(link)) event.preventDefault();
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
    const link = cellOf(matrix, key);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest(".mx-link");
    if (event.key === "Escape") closeDrawer();
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
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
  document.addEventListener("page:changed", settle);
})();
