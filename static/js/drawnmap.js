// The map that is drawn here, for where no tiles are set or none arrive: coasts, a graticule in degrees, names of cities.
(() => {
  const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
  const FROM = { 1: 3, 2: 5, 3: 7 }; // the zoom from which on cities of each rank are named
  const ROOM = [76, 18]; // pixels that a name wants for itself

  // TopoJSON keeps each line once, as steps in a grid; a ring names its lines, backwards ones as ~number.
  const rings = (atlas) => {
    const { scale, translate } = atlas.transform;
    const lines = atlas.arcs.map((arc) => {
      let x = 0;
      let y = 0;
      return arc.map(([dx, dy]) => [(y += dy) * scale[1] + translate[1], (x += dx) * scale[0] + translate[0]]);
    });
    const line = (number) => (number < 0 ? [...lines[~number]].reverse() : lines[number]);
    const shapes = atlas.objects.land.geometries.flatMap((one) => (one.type === "Polygon" ? [one.arcs] : one.arcs));
    return shapes.map((shape) => shape.map((ring) => ring.flatMap((number, at) => line(number).slice(at ? 1 : 0))));
  };

  // A name on the map, nothing to press: those of regions above the leads, all others beneath.
  const label = (at, words, cls) => L.marker(at, {
    pane: cls === "map-region" ? "regions" : "names", interactive: false, keyboard: false, icon: L.divIcon({ className: `map-label ${cls}`, html: "", iconSize: null }),
  }).on("add", (event) => {
    const element = document.createElement("span");
    element.textContent = words;
    element.dataset.userText = ""; // a name, whatever the page's language
    event.target.getElement().replaceChildren(element);
  });

  // Names that would lie on each other: the first one stays.
  const spaced = (map) => {
    const taken = [];
    return (at, pixels = ROOM) => {
      const { x, y } = map.latLngToContainerPoint(at);
      if (taken.some((one) => Math.abs(one.x - x) < pixels[0] && Math.abs(one.y - y) < pixels[1])) return false;
      taken.push({ x, y });
      return true;
    };
  };

  const graticule = (map, layer) => {
    const bounds = map.getBounds();
    const span = bounds.getEast() - bounds.getWest();
    const every = STEPS.find((step) => span / step >= 4) || STEPS.at(-1);
    const line = { pane: "degrees", className: "map-degree", weight: 1, interactive: false };
    const top = bounds.getSouth() + (bounds.getNorth() - bounds.getSouth()) * 0.985;
    for (let lon = Math.ceil(bounds.getWest() / every) * every; lon < bounds.getEast(); lon += every) {
      L.polyline([[-85, lon], [85, lon]], line).addTo(layer);
      label([top, lon], `${+lon.toFixed(3)}°`, "map-number").addTo(layer);
    }
    for (let lat = Math.ceil(Math.max(bounds.getSouth(), -85) / every) * every; lat < Math.min(bounds.getNorth(), 85); lat += every) {
      L.polyline([[lat, -360], [lat, 360]], line).addTo(layer);
      label([lat, bounds.getWest()], `${+lat.toFixed(3)}°`, "map-number").addTo(layer);
    }
  };

  const cities = (map, layer, known, zh, room) => {
    const bounds = map.getBounds().pad(-0.02);
    for (const [rank, chinese, english, ...at] of known) {
      if (map.getZoom() < FROM[rank] || !bounds.contains(at) || !room(at)) continue;
      L.circleMarker(at, { pane: "degrees", radius: 2, className: "map-city-dot", interactive: false }).addTo(layer);
      label(at, zh ? chinese : english, "map-city").addTo(layer);
    }
  };

  // Beneath the tiles (200), so that where some arrive after all they are seen; regions above the leads.
  const panes = (map) => {
    for (const [name, level] of [["land", 190], ["degrees", 192], ["names", 194], ["regions", 630]]) {
      if (map.getPane(name)) continue;
      const pane = map.createPane(name);
      pane.style.zIndex = level;
      pane.style.pointerEvents = "none";
    }
  };

  // Draws beneath the leads; names of cities keep clear of the places that are named otherwise.
  window.drawnMap = (map, box, elsewhere) => {
    panes(map);
    const land = L.layerGroup().addTo(map);
    const drawn = L.layerGroup().addTo(map);
    const zh = document.documentElement.lang.startsWith("zh");
    let known = [];
    const draw = () => {
      drawn.clearLayers();
      graticule(map, drawn);
      const room = spaced(map);
      elsewhere().forEach((at) => room(at));
      cities(map, drawn, known, zh, room);
    };
    const fetched = (address) => fetch(address).then((answer) => answer.json());
    fetched(box.dataset.land).then((atlas) => {
      const renderer = L.svg({ pane: "land", padding: 0.5 });
      L.polygon(rings(atlas), { className: "map-land", weight: 1, interactive: false, renderer, smoothFactor: 1.5 }).addTo(land);
    }).catch(() => { /* without its coasts it still has degrees */ });
    fetched(box.dataset.cities).then((found) => { known = found; draw(); }).catch(() => { /* and without names too */ });
    map.on("moveend", draw);
  };
  window.mapLabel = (map, at, words, cls) => { panes(map); return label(at, words, cls).addTo(map); };
})();
