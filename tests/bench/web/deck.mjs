// deck.gl: polygons, lines, paths and scatterplots; what changed is said by update triggers. The cells' borders are
// single lines, each once: as paths with joints they cost SwiftShader seconds a frame.
import "/node_modules/deck.gl/dist.min.js";
import { BORDER, FILLS, KINDS, LINE, WORKER, drawn, level, load, lonlat, rgb } from "/orders.mjs";

const { Deck, LineLayer, MapView, PathLayer, ScatterplotLayer, SolidPolygonLayer } = globalThis.deck;
const [fills, kinds, line, border, worker] = [FILLS.map(rgb), KINDS.map(rgb), rgb(LINE), rgb(BORDER), rgb(WORKER)];
const spot = { radiusUnits: "pixels", getRadius: 4, stroked: true, getLineColor: [255, 255, 255],
  lineWidthUnits: "pixels", getLineWidth: 1 };

function edges(features) {
  const found = new Map();
  for (const { geometry } of features) {
    const ring = geometry.coordinates[0];
    for (let at = 1; at < ring.length; at += 1) {
      const ends = [ring[at - 1], ring[at]];
      found.set(ends.map(String).sort().join("|"), ends);
    }
  }
  return [...found.values()];
}

export class Picture {
  async begin(parent, view) {
    Object.assign(this, await load("lonlat"), { turn: { cells: 0, cases: 0, workers: 0 } });
    this.edges = edges(this.cells.features);
    const first = new Promise((done) => { this.drawn = done; });
    this.deck = new Deck({
      parent, width: innerWidth, height: innerHeight, views: new MapView({ repeat: false }), viewState: this.state(view),
      controller: false, useDevicePixels: false, layers: this.layers(),
      onAfterRender: () => { this.drawn?.(); this.drawn = null; },
    });
    await first;
  }

  state([x, y, scale]) {
    const [longitude, latitude] = lonlat([x, y]);
    return { longitude, latitude, zoom: level(scale), pitch: 0, bearing: 0 };
  }

  layers() {
    const { cells, streets, turn } = this;
    return [
      new SolidPolygonLayer({ id: "cells", data: cells.features, getPolygon: (f) => f.geometry.coordinates, extruded: false,
        getFillColor: (f) => fills[f.properties.v], updateTriggers: { getFillColor: turn.cells } }),
      new LineLayer({ id: "lines", data: this.edges, getSourcePosition: ([from]) => from, getTargetPosition: ([, to]) => to,
        getColor: line, widthUnits: "pixels", getWidth: 1 }),
      new PathLayer({ id: "streets", data: streets.features, getPath: (f) => f.geometry.coordinates, getColor: border,
        widthUnits: "pixels", getWidth: 2 }),
      new ScatterplotLayer({ ...spot, id: "cases", data: this.cases, getPosition: (place) => place,
        getFillColor: (_, { index }) => kinds[this.kinds[index]], updateTriggers: { getPosition: turn.cases } }),
      new ScatterplotLayer({ ...spot, id: "workers", data: this.workers, getPosition: (place) => place,
        getFillColor: worker, updateTriggers: { getPosition: turn.workers } }),
    ];
  }

  show(props) {
    const drawn = new Promise((done) => { this.drawn = done; });
    this.deck.setProps(props);
    return drawn;
  }

  look(view) {
    const drawn = this.show({ viewState: this.state(view) });
    this.deck.redraw("the view may be the same");
    return drawn;
  }

  // Waits until what was asked for is drawn.
  finish() {
    drawn(this.deck.device.gl);
  }

  async settled() {}

  update({ cells, classes, cases, places }) {
    cells.forEach((cell, at) => { this.cells.features[cell].properties.v = classes[at]; });
    cases.forEach((one, at) => { this.cases[one] = lonlat(places[at]); });
    this.turn.cells += 1;
    this.turn.cases += 1;
    return this.show({ layers: this.layers() });
  }

  walk(places) {
    this.workers = places.map(lonlat);
    this.turn.workers += 1;
    return this.show({ layers: this.layers() });
  }
}
