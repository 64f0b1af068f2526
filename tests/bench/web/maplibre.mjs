// MapLibre GL: cells coloured by feature state, markers as circles of GeoJSON sources that are told only what changed.
import * as library from "/node_modules/maplibre-gl/dist/maplibre-gl.mjs";
import { BORDER, FILLS, GROUND, KINDS, LINE, WORKER, drawn, level, load, lonlat } from "/orders.mjs";

const maplibre = library.default?.Map ? library.default : library;
const collection = (places, kinds) => ({
  type: "FeatureCollection",
  features: places.map((coordinates, id) => ({ type: "Feature", id, properties: { kind: kinds ? kinds[id] : 0 },
    geometry: { type: "Point", coordinates } })),
});
const circles = (id, color) => ({ id, type: "circle", source: id, paint: { "circle-radius": 4, "circle-color": color,
  "circle-stroke-width": 1, "circle-stroke-color": "#fff" } });
const moved = (ids, places) => ({ update: ids.map((id, at) => ({
  id, newGeometry: { type: "Point", coordinates: lonlat(places[at]) } })) });

export class Picture {
  async begin(container, [x, y, scale]) {
    const { cells, streets, cases, kinds, workers } = await load("lonlat");
    const fill = ["match", ["coalesce", ["feature-state", "v"], ["get", "v"]], ...FILLS.flatMap((c, n) => [n, c]), "#000"];
    const kind = ["match", ["get", "kind"], ...KINDS.flatMap((c, n) => [n, c]), "#fff"];
    this.map = new maplibre.Map({
      container, fadeDuration: 0, attributionControl: false, center: lonlat([x, y]), zoom: level(scale),
      style: {
        version: 8,
        sources: {
          cells: { type: "geojson", data: cells, tolerance: 0.1 }, streets: { type: "geojson", data: streets },
          cases: { type: "geojson", data: collection(cases, kinds) }, workers: { type: "geojson", data: collection(workers) },
        },
        layers: [
          { id: "ground", type: "background", paint: { "background-color": GROUND } },
          { id: "cells", type: "fill", source: "cells", paint: { "fill-color": fill, "fill-outline-color": LINE } },
          { id: "streets", type: "line", source: "streets", paint: { "line-color": BORDER, "line-width": 2 } },
          circles("cases", kind), circles("workers", WORKER),
        ],
      },
    });
    await this.next("idle");
  }

  next(event) {
    return new Promise((done) => this.map.once(event, done));
  }

  async look([x, y, scale]) {
    const drawn = this.next("render");
    this.map.jumpTo({ center: lonlat([x, y]), zoom: level(scale) });
    this.map.triggerRepaint();
    await drawn;
  }

  // Waits until what was asked for is drawn.
  finish() {
    drawn(this.map.painter.context.gl);
  }

  async settled() {
    const idle = this.next("idle");
    this.map.triggerRepaint();
    await idle;
  }

  // Sources are made into tiles by a worker: the change is on the screen when the map is idle again.
  async update({ cells, classes, cases, places }) {
    const idle = this.next("idle");
    cells.forEach((id, at) => this.map.setFeatureState({ source: "cells", id }, { v: classes[at] }));
    this.map.getSource("cases").updateData(moved(cases, places));
    await idle;
  }

  async walk(places) {
    const idle = this.next("idle");
    this.map.getSource("workers").updateData(moved([...places.keys()], places));
    await idle;
  }
}
