// Makes the pictures of the README from a running demo:
//
//   node screenshots.mjs http://127.0.0.1:8080 ../../docs
//
// CHROMIUM names the browser, /usr/bin/chromium by default.

import { chromium } from "playwright-core";

const [base, folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node screenshots.mjs URL FOLDER");
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const service = "/velg/4204-kristiansand/praktisk-bistand";
for (const [name, path, width, height] of [
  ["pages-list.png", `${service}#providers`, 1280, 800],
  ["pages-phone.png", service, 390, 800],
]) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height } });
  const page = await context.newPage();
  await page.goto(base + path);
  await page.screenshot({ path: `${folder}/${name}` });
  await context.close();
}
await browser.close();
