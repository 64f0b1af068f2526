// A web side of the bench `wall`: node bench.mjs KIND WIDTH HEIGHT DATA_FOLDER. Starts headless Chromium, has the page
// draw, and passes the orders of standard input on to it. `ms` of the first answer counts from the browser's start.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [kind, width, height, data] = [process.argv[2], +process.argv[3], +process.argv[4], process.argv[5]];
const here = dirname(fileURLToPath(import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json",
  ".css": "text/css" };
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://loopback").pathname));
  const file = path.startsWith("/data/") ? join(data, path.slice(6)) : join(here, path);
  try {
    const content = await readFile(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    response.end(content);
  } catch {
    response.writeHead(404);
    response.end();
  }
});

async function main() {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const began = performance.now();
  // No frame limit: what is measured is what a frame costs, not the screen's clock. No GPU here: WebGL by SwiftShader.
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, pipe: true, protocolTimeout: 600_000,
    args: ["--no-sandbox", "--disable-gpu-vsync", "--disable-frame-rate-limit", "--disable-dev-shm-usage",
      "--no-first-run", `--window-size=${width},${height}`,
      ...(kind === "echarts" ? [] : ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"])],
  });
  const page = (await browser.pages())[0] ?? await browser.newPage();
  page.on("pageerror", (error) => console.error("page:", String(error).slice(0, 500)));
  page.on("console", (line) => line.type() === "error" && console.error("console:", line.text().slice(0, 500)));
  await page.setViewport({ width, height });
  await page.goto(`http://127.0.0.1:${server.address().port}/page.html?kind=${kind}`);
  await page.waitForFunction("window.drawn === true", { timeout: 100_000 });
  say({ ms: performance.now() - began, pid: browser.process().pid });

  for await (const line of createInterface({ input: process.stdin })) {
    const { do: what, ...how } = JSON.parse(line);
    if (what === "shot") {
      await page.screenshot({ path: how.path });
      say({ ms: [] });
    } else {
      say(await page.evaluate((name, order) => window.side[name](order), what, how));
    }
  }
  await browser.close();
  server.close();
}

main().catch((error) => {
  say({ error: String(error) });
  process.exit(1);
});
