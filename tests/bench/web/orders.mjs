// The orders of tests/bench/wall_qt.py, answered by a page: a picture does a step, a frame passes, milliseconds of each.
export const FILLS = ["#143a5a", "#1a6a6a", "#1f8f4f", "#2f9f2f", "#6fae2a", "#a8c030", "#d8b030", "#e87830"];
export const KINDS = ["#ff5252", "#ffb300", "#40c4ff", "#69f0ae"];
export const [GROUND, LINE, BORDER, WORKER] = ["#061427", "#0a2850", "#50dcff", "#e040fb"];
const FEWEST = 5;
const SPHERE = 6378137;
const MARGIN = 24;

export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
export const frame = () => new Promise((done) => requestAnimationFrame(done));
// A frame that was only asked for is on no screen yet: one pixel can be read when the drawing is done.
const pixel = new Uint8Array(4);
export const drawn = (gl) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
export const read = (name) => fetch(`/data/${name}.json`).then((answer) => answer.json());
export const lonlat = ([x, y]) => [x / SPHERE * 180 / Math.PI,
  (2 * Math.atan(Math.exp(y / SPHERE)) - Math.PI / 2) * 180 / Math.PI];
// Levels of 512-pixel tiles, as MapLibre and deck.gl count them.
export const level = (metresAPixel) => Math.log2(2 * Math.PI * SPHERE / (512 * metresAPixel));

export async function load(how) {
  const [cells, streets, points] = await Promise.all(["cells", "streets", "points"].map((name) => read(`${name}_${how}`)));
  return { cells, streets, ...points };
}

// The view that shows everything: [x, y, metres a pixel].
export async function whole() {
  const { west, south, east, north } = await read("bounds");
  const scale = Math.max((east - west) / (innerWidth - 2 * MARGIN), (north - south) / (innerHeight - 2 * MARGIN));
  return [(west + east) / 2, (south + north) / 2, scale];
}

export async function serve(Picture) {
  const picture = new Picture();
  await picture.begin(document.getElementById("map"), await whole());
  picture.finish();
  await frame();

  async function steps(list, budget, step) {
    const ms = [];
    let spent = 0;
    await frame();
    for (const each of list) {
      const began = performance.now();
      await step(each);
      picture.finish();
      await frame();
      ms.push(performance.now() - began);
      spent += ms.at(-1);
      if (spent > budget && ms.length >= FEWEST) break;
    }
    return ms;
  }
  async function settle() {
    const began = performance.now();
    await picture.settled();
    picture.finish();
    await frame();
    return performance.now() - began;
  }
  window.side = {
    async look({ view }) {
      await picture.look(view);
      return { ms: [await settle()] };
    },
    async views({ views, budget_ms }) {
      const ms = await steps(views, budget_ms, (view) => picture.look(view));
      return { ms, settled: await settle() };
    },
    async updates({ changes, budget_ms }) {
      return { ms: await steps(changes, budget_ms, (change) => picture.update(change)) };
    },
    async walks({ places, budget_ms }) {
      return { ms: await steps(places, budget_ms, (all) => picture.walk(all)) };
    },
    async plain() {
      return { ms: [0] };
    },
    async idle({ changes, every_ms }) {
      await new Promise((done) => {
        const left = [...changes];
        const timer = setInterval(() => {
          if (left.length) picture.update(left.pop());
          else { clearInterval(timer); done(); }
        }, every_ms);
      });
      return { ms: [] };
    },
  };
  window.drawn = true;
}
