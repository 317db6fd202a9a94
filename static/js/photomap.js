// The map of pictures: counts and single pictures from the server as one moves; drawn here where no tiles arrive.
(() => {
  const box = document.getElementById("photo-map");
  if (!box || !window.L) return;
  box.hidden = false;
  const state = document.querySelector("[data-map-state]");
  const map = L.map(box, { center: [32, 114], zoom: 5, minZoom: 3, maxZoom: 18, worldCopyJump: true, attributionControl: false });
  L.control.scale({ imperial: false }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  const draw = () => window.drawnMap(map, box, () => []);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).once("tileerror", draw).addTo(map); else draw();

  const asked = (values) => {
    const query = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(values)) query.set(name, value);
    return fetch(`${box.dataset.points}?${query}`).then((answer) => answer.json());
  };
  const card = (one) => {
    const link = document.createElement("a");
    link.href = one.url;
    const picture = document.createElement("img");
    Object.assign(picture, { src: one.picture, alt: one.caption || box.dataset.open, width: 160, height: 120, className: "map-thumb" });
    const words = document.createElement("div");
    words.textContent = one.caption || box.dataset.open;
    if (one.caption) words.dataset.userText = "";
    link.append(picture, words);
    return link;
  };
  let latest = 0;
  const load = async () => {
    const bounds = map.getBounds();
    const bbox = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((n) => n.toFixed(6)).join(",");
    const mine = ++latest;
    try {
      const found = await asked({ bbox, zoom: map.getZoom() });
      if (mine !== latest) return;
      marks.clearLayers();
      state.textContent = found.length ? "" : state.dataset.none;
      for (const one of found) {
        if (one.count === 1) {
          L.circleMarker(one.at, { radius: 9, color: "#fff", weight: 2, fillColor: "#0b6e6e", fillOpacity: 0.9 }).bindPopup(() => card(one)).addTo(marks);
          continue;
        }
        const size = 30 + Math.min(26, Math.round(Math.log2(one.count) * 4));
        L.marker(one.at, { title: String(one.count), alt: String(one.count), icon: L.divIcon({ className: "map-count", html: String(one.count), iconSize: [size, size] }) })
          .on("click", () => { if (map.getZoom() > 15) window.location.assign(one.url); else map.setView(one.at, Math.min(map.getZoom() + 2, 18)); }).addTo(marks);
      }
    } catch {
      state.textContent = state.dataset.away;
    }
  };
  map.on("moveend", load);
  asked({ zoom: 4 }).then((found) => {
    if (found.length) map.fitBounds(found.map((one) => one.at), { maxZoom: 13, padding: [30, 30] }); else load();
  }).catch(load);
})();
