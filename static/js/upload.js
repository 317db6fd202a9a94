// Pictures go up one by one as soon as they are chosen, with previews and progress; the form keeps their tokens.
// What a phone strips from its pictures (time, place) is sent along as the browser knows it at capture.
(() => {
  const FRESH = 10 * 60 * 1000; // milliseconds; a file made within ten minutes was taken just now
  const SEEK = 5000; // milliseconds to wait for the place, whether or not the question for it is answered
  const waiting = new WeakMap();

  const fresh = (file) => Date.now() - file.lastModified < FRESH;

  const place = () => new Promise((resolve) => {
    setTimeout(resolve, SEEK, null);
    if (!navigator.geolocation || !window.isSecureContext) { resolve(null); return; }
    navigator.geolocation.getCurrentPosition(
      (found) => resolve(found.coords), () => resolve(null), { timeout: SEEK, maximumAge: 60000, enableHighAccuracy: true });
  });

  const button = (name, words, sign) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.setAttribute("aria-label", words);
    made.textContent = sign;
    return made;
  };

  const removable = (input, item) => {
    const cross = button("upload-remove", input.dataset.remove, "×");
    cross.dataset.removeUpload = "";
    item.append(cross);
  };

  const picture = (name, source) => {
    const made = document.createElement("img");
    made.alt = name;
    made.src = source;
    return made;
  };

  const begin = (input, item, file) => {
    const preview = picture(file.name, URL.createObjectURL(file));
    preview.addEventListener("load", () => URL.revokeObjectURL(preview.src));
    preview.addEventListener("error", () => preview.remove()); // HEIC, which few browsers show
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${input.dataset.uploading} ${file.name}`);
    item.className = "upload";
    item.removeAttribute("role");
    item.replaceChildren(preview, bar);
  };

  const finish = (input, item, file, answer) => {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "photos";
    hidden.value = answer.token;
    item.className = "upload upload-done";
    item.replaceChildren(picture(file.name, answer.picture), hidden);
    removable(input, item);
  };

  const fail = (input, item, text, again) => {
    const words = document.createElement("span");
    words.textContent = text;
    words.dataset.userText = "";
    item.className = "upload upload-failed";
    item.setAttribute("role", "alert");
    item.replaceChildren(words);
    if (again) {
      const retry = button("upload-again btn btn-sm", input.dataset.again, input.dataset.again);
      retry.addEventListener("click", again);
      item.append(" ", retry);
    }
    removable(input, item);
  };

  // What an answer that is no JSON says: a refusal comes as a sentence, a page of an error as nothing of use here.
  const sentence = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[role=alert] span")?.textContent;

  const post = (form, file, coords, progress) => new Promise((resolve) => {
    const data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    data.append("file", file, file.name);
    if (fresh(file)) {
      data.append("captured_at", new Date(file.lastModified).toISOString());
      if (coords) { data.append("latitude", coords.latitude); data.append("longitude", coords.longitude); }
    }
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    request.addEventListener("loadend", () => resolve(request));
    request.send(data);
  });

  // Sends one picture; true when it has arrived.
  const send = async (input, form, item, file, coords) => {
    begin(input, item, file);
    const request = await post(form, file, coords, (part) => {
      const bar = item.querySelector("progress");
      if (bar) bar.value = Math.round(part * 100);
    });
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* a sentence, or nothing */ }
    if (request.status === 201 && answer?.token) { finish(input, item, file, answer); return true; }
    const said = answer?.message || sentence(request.responseText);
    const again = answer?.message ? null : () => all(input, form, [[item, file]]); // a refused file stays refused
    fail(input, item, said || `${file.name}: ${input.dataset.failed}`, again);
    return false;
  };

  const all = async (input, form, pairs) => {
    const state = form.querySelector("[data-upload-state]");
    waiting.set(form, (waiting.get(form) || 0) + pairs.length);
    const coords = pairs.some(([, file]) => fresh(file)) ? await place() : null;
    let done = 0;
    for (const [item, file] of pairs) {
      if (state) state.textContent = `${input.dataset.uploading} ${done + 1}/${pairs.length}`;
      // Whoever pressed meanwhile wants the form sent with all its pictures: one that fails keeps it here.
      if (!await send(input, form, item, file, coords)) delete form.dataset.submitAfter;
      done += 1;
      waiting.set(form, waiting.get(form) - 1);
    }
    if (waiting.get(form)) return;
    if (state) state.textContent = "";
    const after = form.dataset.submitAfter;
    delete form.dataset.submitAfter;
    if (after) form.requestSubmit(form.querySelector(`button[value="${after}"]`) || undefined);
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches("[data-files]")) return;
    const pairs = [...input.files].map((file) => [document.createElement("div"), file]);
    input.value = "";
    for (const [item, file] of pairs) {
      begin(input, item, file);
      input.form.querySelector("[data-uploads]").append(item);
    }
    if (pairs.length) all(input, input.form, pairs);
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
