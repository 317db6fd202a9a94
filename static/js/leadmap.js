// The map of leads: points and counts from the server as one moves; leads are chosen one by one, by a line around them,
// by a box between two corners, or all that are in view. What lies inside is the server's word, counts are opened there.
(() => {
  const box = document.getElementById("lead-map");
  if (!box || !window.L) return;
  box.hidden = false;
  const state = document.querySelector("[data-map-state]");
  const tools = document.querySelector("[data-map-tools]");
  const shelf = document.querySelector("[data-map-chosen]");
  const hue = { new: "#0b6e6e", following: "#1f5a94", nurturing: "#8a5300", converted: "#1d6b3a", invalid: "#6b7280", duplicate: "#6b7280" };
  const CORNERS = 120; // points of a line at most: an address has its limits
  const chosen = new Map();
  const map = L.map(box, { center: [32, 114], zoom: 5, minZoom: 3, maxZoom: 18, worldCopyJump: true, attributionControl: false, boxZoom: false });
  L.control.scale({ imperial: false }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  const regions = JSON.parse(box.dataset.regions);

  const draw = () => window.drawnMap(map, box, () => regions.map((one) => one.at));
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).once("tileerror", draw).addTo(map); else draw();
  for (const one of regions) window.mapLabel(map, one.at, `${one.name} ${one.count}`, "map-region");

  const asked = (address, values) => {
    const query = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(values)) query.set(name, value);
    return fetch(`${address}?${query}`).then((answer) => answer.json());
  };
  const say = (words) => { state.textContent = words; };
  const counted = (words, number) => words.replace("{n}", number);

  // ---- what is chosen: the shelf shows it and sends it, the list beside only mirrors it
  const boxes = [...document.querySelectorAll("input.pick-box[name=lead]")];
  const show = () => {
    for (const one of boxes) one.checked = chosen.has(Number(one.value));
    shelf?.replaceChildren(...[...chosen.values()].map((one) => {
      const label = document.createElement("label");
      label.className = "chip";
      label.dataset.userText = "";
      const tick = document.createElement("input");
      Object.assign(tick, { type: "checkbox", name: "lead", value: one.id, checked: true, className: "form-check-input pick-box" });
      tick.setAttribute("form", "bulk");
      tick.addEventListener("change", () => { chosen.delete(one.id); all(); });
      const name = document.createElement("span");
      name.textContent = one.name;
      label.append(tick, name);
      return label;
    }));
  };
  const all = () => { show(); marked(); };
  const toggle = (one) => { if (!chosen.delete(one.id)) chosen.set(one.id, one); all(); };
  for (const one of boxes) {
    one.removeAttribute("form");
    const name = one.closest("li").querySelector("a.site").textContent;
    one.addEventListener("change", () => toggle({ id: Number(one.value), name }));
  }

  // ---- the marks
  const card = (one) => {
    const root = document.createElement("div");
    const link = document.createElement("a");
    link.href = one.url;
    link.textContent = one.name;
    link.dataset.userText = "";
    const word = document.createElement("div");
    word.textContent = one.word;
    root.append(link, word);
    if (shelf && one.open) {
      const label = document.createElement("label");
      const tick = document.createElement("input");
      Object.assign(tick, { type: "checkbox", checked: chosen.has(one.id), className: "form-check-input" });
      tick.addEventListener("change", () => toggle(one));
      label.append(tick, ` ${box.dataset.choose}`);
      root.append(label);
    }
    return root;
  };
  let seen = [];
  const marked = () => {
    marks.clearLayers();
    for (const one of seen) {
      if (one.count > 1) {
        const size = 26 + Math.min(26, Math.round(Math.log2(one.count) * 4));
        L.marker(one.at, { title: String(one.count), alt: String(one.count), icon: L.divIcon({ className: "map-count", html: String(one.count), iconSize: [size, size] }) })
          .on("click", () => map.setView(one.at, Math.min(map.getZoom() + 2, 18))).addTo(marks);
      } else {
        const is = chosen.has(one.id);
        L.circleMarker(one.at, { radius: is ? 11 : 8, color: is ? "#b3261e" : "#fff", weight: is ? 4 : 2, fillColor: hue[one.state] || "#566370", fillOpacity: 0.9 })
          .bindPopup(() => card(one)).addTo(marks);
      }
    }
  };
  let latest = 0;
  const load = async () => {
    const bounds = map.getBounds();
    const bbox = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((n) => n.toFixed(6)).join(",");
    const mine = ++latest;
    try {
      const found = await asked(box.dataset.points, { bbox, zoom: map.getZoom() });
      if (mine !== latest) return;
      seen = found;
      marked();
      if (!seen.length) say(state.dataset.none); else if (state.textContent === state.dataset.none) say("");
    } catch {
      say(state.dataset.away);
    }
  };
  map.on("moveend", load);

  // ---- choosing several at once
  const choose = async (corners) => {
    try {
      const found = await asked(box.dataset.within, { shape: corners.map((one) => `${one.lat.toFixed(5)},${one.lng.toFixed(5)}`).join(";") });
      for (const one of found.leads) chosen.set(one.id, one);
      all();
      say(counted(found.more ? state.dataset.more : state.dataset.chosen, found.leads.length));
    } catch {
      say(state.dataset.away);
    }
  };
  const boxOf = (one, other) => {
    const bounds = L.latLngBounds(one, other);
    return [bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast(), bounds.getSouthWest()];
  };
  const simple = (places) => {
    const points = places.map((one) => map.latLngToContainerPoint(one));
    for (let reach = 2; ; reach *= 2) {
      const kept = L.LineUtil.simplify(points, reach);
      if (kept.length <= CORNERS) return kept.map((one) => map.containerPointToLatLng(one));
    }
  };

  // While one draws, a veil takes the pointer: the map beneath neither moves nor opens anything.
  const veil = document.createElement("div");
  veil.className = "map-veil";
  veil.hidden = true;
  box.append(veil);
  const outline = L.polygon([], { className: "map-outline", weight: 2, interactive: false });
  let mode = "";
  let drawn = [];
  const at = (event) => map.mouseEventToLatLng(event);
  const turn = (to) => {
    mode = to;
    drawn = [];
    outline.setLatLngs([]).remove();
    veil.hidden = !to;
    for (const one of tools.querySelectorAll("[data-map-mode]")) one.setAttribute("aria-pressed", one.dataset.mapMode === to);
    say(to ? state.dataset[to] : "");
  };
  const end = (corners) => { turn(""); choose(corners); };
  const ways = {
    lasso: {
      pointerdown(event) { veil.setPointerCapture(event.pointerId); drawn = [at(event)]; outline.setLatLngs(drawn).addTo(map); },
      pointermove(event) { if (drawn.length) { drawn.push(at(event)); outline.setLatLngs(drawn); } },
      pointerup() { if (drawn.length > 3) end(simple(drawn)); else turn("lasso"); },
      pointercancel() { turn("lasso"); },
    },
    corners: {
      pointermove(event) { if (drawn.length) outline.setLatLngs(boxOf(drawn[0], at(event))); },
      click(event) {
        if (drawn.length) { end(boxOf(drawn[0], at(event))); return; }
        drawn = [at(event)];
        outline.setLatLngs([drawn[0], drawn[0]]).addTo(map);
        say(state.dataset.second);
      },
    },
  };
  for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel", "click"]) {
    veil.addEventListener(kind, (event) => { event.stopPropagation(); event.preventDefault(); ways[mode]?.[kind]?.(event); });
  }
  for (const kind of ["mousedown", "touchstart", "dblclick", "wheel"]) veil.addEventListener(kind, (event) => event.stopPropagation(), { passive: true });
  if (tools) {
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const wanted = button.dataset.mapMode;
      if (wanted) { turn(mode === wanted ? "" : wanted); return; }
      turn("");
      if ("mapAll" in button.dataset) { const bounds = map.getBounds(); choose(boxOf(bounds.getSouthWest(), bounds.getNorthEast())); return; }
      chosen.clear();
      all();
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && mode) turn(""); });
  }

  // Begin where the leads are.
  asked(box.dataset.points, { zoom: 4 }).then((found) => {
    if (found.length) map.fitBounds(found.map((one) => one.at), { maxZoom: 12, padding: [30, 30] }); else load();
  }).catch(load);
})();
