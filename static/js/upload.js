// Pictures go up one by one as soon as they are chosen, with previews and progress; the form keeps their tokens.
// What a phone strips from its pictures (time, place) is sent along as the browser knows it at capture.
(() => {
  const FRESH = 10 * 60 * 1000; // a file made within ten minutes was taken just now
  const waiting = new WeakMap();

  const place = () => new Promise((resolve) => {
    if (!navigator.geolocation || !window.isSecureContext) { resolve(null); return; }
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(found.coords), () => resolve(null), { timeout: 4000, maximumAge: 60000, enableHighAccuracy: true });
  });

  const box = (input, file) => {
    const item = document.createElement("div");
    item.className = "upload";
    const picture = document.createElement("img");
    picture.alt = file.name;
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("error", () => picture.remove());
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${input.dataset.uploading} ${file.name}`);
    item.append(picture, bar);
    return item;
  };

  const removable = (input, item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "upload-remove";
    button.dataset.removeUpload = "";
    button.setAttribute("aria-label", input.dataset.remove);
    button.textContent = "×";
    item.append(button);
  };

  const fail = (input, item, text) => {
    item.className = "upload upload-failed";
    item.setAttribute("role", "alert");
    item.setAttribute("data-user-text", "");
    item.replaceChildren(document.createTextNode(text));
    removable(input, item);
  };

  const send = (input, form, file, coords) => new Promise((resolve) => {
    const item = box(input, file);
    form.querySelector("[data-uploads]").append(item);
    const data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    data.append("file", file, file.name);
    if (Date.now() - file.lastModified < FRESH) {
      data.append("captured_at", new Date(file.lastModified).toISOString());
      if (coords) { data.append("latitude", coords.latitude); data.append("longitude", coords.longitude); }
    }
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const bar = item.querySelector("progress");
      if (bar && event.lengthComputable) bar.value = Math.round((event.loaded / event.total) * 100);
    });
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* handled below */ }
      if (request.status === 201 && answer?.token) {
        item.className = "upload upload-done";
        const hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = "photos";
        hidden.value = answer.token;
        const picture = document.createElement("img");
        picture.alt = file.name;
        picture.src = answer.picture;
        item.replaceChildren(picture, hidden);
        removable(input, item);
      } else {
        fail(input, item, answer?.message || `${file.name}: ${input.dataset.failed}`);
      }
      resolve();
    });
    request.send(data);
  });

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches("[data-files]")) return;
    const form = input.form;
    const files = [...input.files];
    input.value = "";
    if (!files.length) return;
    waiting.set(form, (waiting.get(form) || 0) + files.length);
    const state = form.querySelector("[data-upload-state]");
    const coords = files.some((file) => Date.now() - file.lastModified < FRESH) ? await place() : null;
    let done = 0;
    for (const file of files) {
      if (state) state.textContent = `${input.dataset.uploading} ${done + 1}/${files.length}`;
      await send(input, form, file, coords);
      done += 1;
      waiting.set(form, waiting.get(form) - 1);
    }
    if (state) state.textContent = "";
    if (waiting.get(form) === 0 && form.dataset.submitAfter) {
      const button = form.querySelector(`button[value="${form.dataset.submitAfter}"]`);
      delete form.dataset.submitAfter;
      form.requestSubmit(button || undefined);
    }
  });

  // Whoever presses while pictures are still on their way is sent off when the last one has arrived.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.upload || !waiting.get(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.submitAfter = event.submitter?.value || "log";
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element) event.target.closest("[data-remove-upload]")?.closest(".upload").remove();
  });
})();
