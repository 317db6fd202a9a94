// Pictures go up one by one as soon as they are chosen, with previews and progress; the form keeps their tokens.
// Larger ones go in pieces and continue where the line broke; what fails for the line's sake is tried again by itself.
// What a phone strips from its pictures (time, place) is sent along as the browser knows it at capture.
(() => {
  const FRESH = 10 * 60 * 1000; // milliseconds; a file made within ten minutes was taken just now
  const SEEK = 5000; // milliseconds to wait for the place, whether or not the question for it is answered
  const SMALL = 512 * 1024; // bytes; what is not larger goes in one piece
  const TRIES = 4; // for one request that the line drops; between them longer and longer
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

  const named = (name) => {
    const made = document.createElement("span");
    made.textContent = name;
    made.dataset.userText = "";
    return made;
  };

  const note = (text) => {
    const made = named(text);
    made.className = "upload-note";
    made.setAttribute("role", "status");
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
    hidden.name = answer.field || "photos"; // a picture of a paper joins the pictures
    hidden.value = answer.token;
    item.className = answer.picture ? "upload upload-done" : "upload upload-done upload-paper";
    item.replaceChildren(answer.picture ? picture(file.name, answer.picture) : named(answer.name), hidden);
    if (answer.known) item.append(note(answer.known));
    removable(input, item);
  };

  const fail = (input, item, text, again) => {
    item.className = "upload upload-failed";
    item.setAttribute("role", "alert");
    item.replaceChildren(named(text));
    if (again) {
      const retry = button("upload-again btn btn-sm", input.dataset.again, input.dataset.again);
      retry.addEventListener("click", again);
      item.append(" ", retry);
    }
    removable(input, item);
  };

  // What an answer that is no JSON says: a refusal comes as a sentence, a page of an error as nothing of use here.
  const sentence = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[role=alert] span")?.textContent;

  const pause = (tried) => new Promise((resolve) => { setTimeout(resolve, Math.min(400 * 2 ** tried, 15000)); });

  const csrf = (form) => form.querySelector("[name=csrf_token]").value;

  // One request; again while the line drops it or the server is away. Resolves to the request, whatever came of it.
  const ask = async (form, to, body, progress) => {
    for (let tried = 0; ; tried += 1) {
      const request = await new Promise((resolve) => {
        const sent = new XMLHttpRequest();
        sent.open("POST", to);
        sent.setRequestHeader("HX-Request", "true");
        sent.setRequestHeader("X-CSRFToken", csrf(form));
        sent.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded); });
        sent.addEventListener("loadend", () => resolve(sent));
        sent.send(body());
      });
      const away = request.status === 0 || request.status === 502 || request.status === 503 || request.status === 504;
      if (!away || tried + 1 >= TRIES) return request;
      await pause(tried);
    }
  };

  const json = (request) => { try { return JSON.parse(request.responseText); } catch { return null; } };

  const facts = (form, file, coords) => {
    const data = new FormData();
    data.append("csrf_token", csrf(form));
    if (fresh(file)) {
      data.append("captured_at", new Date(file.lastModified).toISOString());
      if (coords) { data.append("latitude", coords.latitude); data.append("longitude", coords.longitude); }
    }
    return data;
  };

  const whole = (form, to, file, coords, progress) => ask(form, to, () => {
    const data = facts(form, file, coords);
    data.append("file", file, file.name);
    return data;
  }, progress);

  const hash = async (file) => {
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // In pieces: the server says how much of it is there, and that is where it goes on.
  const pieces = async (form, to, file, coords, progress) => {
    const sum = await hash(file);
    for (let round = 0; round < 3; round += 1) {
      const begun = await ask(form, to, () => {
        const data = facts(form, file, null);
        data.append("file_name", file.name);
        data.append("size", file.size);
        data.append("sha256", sum);
        return data;
      }, () => {});
      let state = json(begun);
      if (!state?.token) return begun;
      while (state.received < file.size) {
        const at = state.received;
        const part = await ask(form, `${to}/${state.token}/pieces?offset=${at}`,
          () => file.slice(at, at + state.piece), (sent) => progress(at + sent));
        const next = json(part);
        if (next?.received === undefined || (part.status !== 200 && next.received === at)) return part;
        state = next;
      }
      const end = await ask(form, `${to}/${state.token}/finish`, () => facts(form, file, coords), () => {});
      if (end.status !== 409) return end;
    }
    return null;
  };

  // Sends one picture; true when it has arrived.
  const send = async (input, form, item, file, coords) => {
    begin(input, item, file);
    const moved = (sent) => {
      const bar = item.querySelector("progress");
      if (bar && file.size) bar.value = Math.min(100, Math.round(sent / file.size * 100));
    };
    const inPieces = !input.dataset.to && file.size > SMALL && window.crypto?.subtle;
    let request = null;
    try {
      request = inPieces
        ? await pieces(form, form.dataset.upload.replace("staged", "uploads"), file, coords, moved)
        : await whole(form, input.dataset.to || form.dataset.upload, file, coords, moved);
    } catch { /* the file cannot be read any more */ }
    const answer = request && json(request);
    if (request?.status === 201 && answer?.token && (answer.picture || answer.name)) { finish(input, item, file, answer); return true; }
    const said = answer?.message || sentence(request?.responseText || "");
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
      input.closest(".field").querySelector("[data-uploads]").append(item);
    }
    if (pairs.length) all(input, input.form, pairs);
  });

  // The line is back: what it had dropped goes on by itself.
  window.addEventListener("online", () => document.querySelectorAll(".upload-again").forEach((again) => again.click()));

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
