// Adds up the points of a score card while it is being filled in; the server counts for itself.
(() => {
  const form = document.querySelector("form[data-score]");
  if (!form) return;
  const add = () => {
    for (const output of form.querySelectorAll("output[data-sum]")) {
      let sum = 0;
      for (const input of form.querySelectorAll(`input[data-part="${output.dataset.sum}"]:checked`)) {
        sum += Number(input.dataset.weight) * Number(input.value) / 5;
      }
      output.textContent = String(Math.round(sum * 10) / 10);
    }
  };
  form.addEventListener("change", add);
  add();
})();
