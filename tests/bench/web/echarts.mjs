// Apache ECharts on a canvas: a geo component with a map series, lines and two scatters, in metres of the plane.
import * as echarts from "/node_modules/echarts/dist/echarts.esm.min.mjs";
import { BORDER, FILLS, KINDS, LINE, WORKER, frame, load } from "/orders.mjs";

const still = { animation: false, emphasis: { disabled: true }, silent: true };

export class Picture {
  async begin(element, view) {
    const { cells, streets, cases, kinds, workers } = await load("plane");
    Object.assign(this, { cases, kinds });
    this.values = cells.features.map(({ properties }) => ({ name: properties.name, value: properties.v }));
    this.at = view;
    this.nearest = view[2];
    echarts.registerMap("town", cells);
    this.chart = echarts.init(element, null, { renderer: "canvas" });
    const spots = { ...still, type: "scatter", coordinateSystem: "geo", symbolSize: 8, progressive: 0 };
    this.chart.setOption({
      animation: false,
      geo: { map: "town", roam: true, aspectScale: 1, label: { show: false }, emphasis: { disabled: true },
        ...this.layout(cells, view), itemStyle: { borderColor: LINE, borderWidth: 1 } },
      visualMap: { show: false, type: "piecewise", seriesIndex: 0, pieces: FILLS.map((color, value) => ({ value, color })) },
      series: [
        { ...still, id: "cells", type: "map", map: "town", geoIndex: 0, data: this.values },
        { ...still, id: "streets", type: "lines", coordinateSystem: "geo", polyline: true,
          lineStyle: { color: BORDER, width: 2, opacity: 1 },
          data: streets.features.map(({ geometry }) => ({ coords: geometry.coordinates })) },
        { ...spots, id: "cases", data: this.spots() },
        { ...spots, id: "workers", itemStyle: { color: WORKER }, data: workers },
      ],
    });
    this.chart.getZr().flush();
    await frame();
  }

  // With a zoom of 1 the map's longer side is `layoutSize` pixels.
  layout(cells, [x, y, scale]) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { geometry } of cells.features) {
      for (const [px, py] of geometry.coordinates[0]) {
        [west, east] = [Math.min(west, px), Math.max(east, px)];
        [south, north] = [Math.min(south, py), Math.max(north, py)];
      }
    }
    const size = Math.max(east - west, north - south) / scale;
    return { layoutCenter: ["50%", "50%"], layoutSize: size, center: [x, y], zoom: 1 };
  }

  spots() {
    return this.cases.map((value, at) => ({ value, itemStyle: { color: KINDS[this.kinds[at]] } }));
  }

  // Its own way of a user's drag and wheel, which is cheaper than an option.
  look([x, y, scale]) {
    const [fromX, fromY, from] = this.at;
    this.at = [x, y, scale];
    const act = (how) => this.chart.dispatchAction({ type: "geoRoam", componentType: "geo", geoIndex: 0, ...how });
    if (x !== fromX || y !== fromY) act({ dx: (fromX - x) / from, dy: (y - fromY) / from });
    if (scale !== from) act({ zoom: from / scale, originX: innerWidth / 2, originY: innerHeight / 2 });
    this.chart.getZr().flush();
  }

  finish() {}

  async settled() {}

  update({ cells, classes, cases, places }) {
    this.values = [...this.values];
    cells.forEach((cell, at) => { this.values[cell] = { name: this.values[cell].name, value: classes[at] }; });
    cases.forEach((one, at) => { this.cases[one] = places[at]; });
    this.chart.setOption({ series: [{ id: "cells", data: this.values }, { id: "cases", data: this.spots() }] });
    this.chart.getZr().flush();
  }

  walk(places) {
    this.chart.setOption({ series: [{ id: "workers", data: places }] });
    this.chart.getZr().flush();
  }
}
