// Cells copied from a sheet are spread over the rows of the grid; rows that are not there yet are made.
(() => {
  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const body = table.tBodies[0];

  const another = () => {
    const number = body.rows.length;
    const row = body.rows[number - 1].cloneNode(true);
    row.querySelectorAll(".field-errors").forEach((one) => one.remove());
    row.cells[0].textContent = number + 1;
    for (const input of row.querySelectorAll("input")) {
      input.value = "";
      input.classList.remove("is-invalid");
      input.removeAttribute("aria-describedby");
      input.name = input.name.replace(/\d+/, number);
      input.id = input.name;
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number + 1));
    }
    body.append(row);
  };

  table.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "") ?? "";
    if (!/[\t\n]/.test(text) || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    const first = event.target.closest("tr").sectionRowIndex;
    const column = event.target.closest("td").cellIndex;
    text.split("\n").forEach((line, down) => {
      if (first + down >= Number(table.dataset.most)) return;
      while (body.rows.length <= first + down) another();
      line.split("\t").forEach((value, right) => {
        const input = body.rows[first + down].cells[column + right]?.querySelector("input");
        if (input) input.value = value.trim();
      });
    });
  });
})();
