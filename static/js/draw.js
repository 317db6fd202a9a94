// Arrows, circles and words on a copy of a picture: drawn on a canvas, sent as a new picture. The original is only read.
(() => {
  const root = document.querySelector("[data-draw]");
  if (!root) return;
  const canvas = root.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const state = root.querySelector("[data-draw-state]");
  const words = document.getElementById("draw-words");
  const colour = document.getElementById("draw-colour");
  const save = root.querySelector("[data-draw-save]");
  const marks = [];
  const picture = new Image();
  let mode = "arrow";
  let drawing = null;

  const width = () => Math.max(4, Math.round(Math.max(canvas.width, canvas.height) / 180));
  const say = (text) => { state.textContent = text; };

  // Each mark has a dark edge, so that it is seen on any wall.
  const stroke = (mark, path) => {
    pen.lineCap = "round";
    pen.lineJoin = "round";
    for (const [style, wide] of [["rgba(0,0,0,.55)", width() * 1.7], [mark.colour, width()]]) {
      pen.strokeStyle = style;
      pen.lineWidth = wide;
      pen.beginPath();
      path();
      pen.stroke();
    }
  };
  const shapes = {
    arrow(mark) {
      const [from, to] = [mark.from, mark.to];
      const angle = Math.atan2(to.y - from.y, to.x - from.x);
      const head = width() * 5;
      stroke(mark, () => {
        pen.moveTo(from.x, from.y);
        pen.lineTo(to.x, to.y);
        for (const side of [-0.5, 0.5]) {
          pen.moveTo(to.x, to.y);
          pen.lineTo(to.x - head * Math.cos(angle + side), to.y - head * Math.sin(angle + side));
        }
      });
    },
    circle(mark) {
      const [across, down] = [(mark.to.x - mark.from.x) / 2, (mark.to.y - mark.from.y) / 2];
      stroke(mark, () => pen.ellipse(mark.from.x + across, mark.from.y + down, Math.abs(across), Math.abs(down), 0, 0, 2 * Math.PI));
    },
    text(mark) {
      const size = width() * 7;
      pen.font = `600 ${size}px system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = size / 5;
      pen.strokeStyle = mark.colour === "#ffffff" ? "rgba(0,0,0,.8)" : "rgba(255,255,255,.9)";
      pen.strokeText(mark.words, mark.from.x, mark.from.y);
      pen.fillStyle = mark.colour;
      pen.fillText(mark.words, mark.from.x, mark.from.y);
    },
  };
  const show = () => {
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const mark of drawing ? [...marks, drawing] : marks) shapes[mark.shape](mark);
  };

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const from = at(event);
    if (mode === "text") {
      const said = words.value.trim();
      if (!said) { say(root.dataset.write); words.focus(); return; }
      marks.push({ shape: "text", from, words: said, colour: colour.value });
      say("");
      show();
      return;
    }
    canvas.setPointerCapture(event.pointerId);
    drawing = { shape: mode, from, to: from, colour: colour.value };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.to = at(event);
    show();
  });
  canvas.addEventListener("pointerup", () => {
    if (!drawing) return;
    const far = Math.hypot(drawing.to.x - drawing.from.x, drawing.to.y - drawing.from.y);
    if (far > width() * 2) marks.push(drawing);
    drawing = null;
    say("");
    show();
  });
  canvas.addEventListener("pointercancel", () => { drawing = null; show(); });

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.drawMode) {
      mode = button.dataset.drawMode;
      for (const one of root.querySelectorAll("[data-draw-mode]")) one.setAttribute("aria-pressed", one === button);
      say(mode === "text" ? root.dataset.write : "");
      if (mode === "text") words.focus();
    } else if ("drawUndo" in button.dataset) {
      marks.pop();
      show();
    }
  });

  save.addEventListener("click", async () => {
    if (!marks.length) { say(root.dataset.nothing); return; }
    save.disabled = true;
    try {
      const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.92); });
      const data = new FormData();
      data.append("file", blob, "drawn.jpg");
      const answer = await fetch(root.dataset.to, { method: "POST", body: data, headers: { "HX-Request": "true", "X-CSRFToken": root.dataset.csrf } });
      const told = await answer.json();
      if (answer.status === 201) { window.location.assign(told.address); return; }
      say(told.message || root.dataset.failed);
    } catch {
      say(root.dataset.failed); // what was drawn is still there
    }
    save.disabled = false;
  });

  picture.addEventListener("load", () => {
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    root.hidden = false;
    show();
  });
  picture.src = root.dataset.picture;
})();
