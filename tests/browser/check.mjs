// Opens every page of the demo in Chromium without JavaScript, and checks it:
//
//   node check.mjs http://127.0.0.1:8080
//
// - valid HTML (html-validate);
// - no violation of WCAG 2.2 AA that axe finds, in bokmål and nynorsk, at 320 and 1280 pixels, light and dark;
// - nothing wider than the window at 320 pixels (a window of 1280 at 400 %);
// - no cookie, no request to another site, no error in the console;
// - the main story with the keyboard alone.
//
// CHROMIUM names the browser, /usr/bin/chromium by default.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate, FileSystemConfigLoader } from "html-validate";
import { chromium } from "playwright-core";
import { languages, localized, pages } from "./pages.mjs";

const base = process.argv[2]?.replace(/\/$/, "");
if (!base) {
  console.error("usage: node check.mjs URL");
  process.exit(2);
}
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate(new FileSystemConfigLoader());
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const faults = [];
let checks = 0;

function expect(holds, where, what) {
  checks += 1;
  if (!holds) {
    faults.push(`${where}: ${what}`);
    console.error(`FAILED ${where}: ${what}`);
  }
}

async function validates() {
  for (const language of Object.keys(languages)) {
    for (const [name, path, status] of pages) {
      const where = `${name} ${language}`;
      const answer = await fetch(base + localized(language, path), { headers: { accept: "text/html" } });
      expect(answer.status === status, where, `status ${answer.status}`);
      const report = await validator.validateString(await answer.text(), new URL("page.html", import.meta.url).pathname);
      for (const message of report.results.flatMap((result) => result.messages)) {
        expect(false, where, `html-validate ${message.ruleId}: ${message.message} (column ${message.column})`);
      }
      expect(report.valid, where, "valid HTML");
    }
  }
}

/** axe runs through the debugging protocol, since the page may run no script. */
async function violations(page) {
  const client = await page.context().newCDPSession(page);
  const options = JSON.stringify({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  const { result, exceptionDetails } = await client.send("Runtime.evaluate", {
    expression: `${axe}; axe.run(document, ${options}).then((found) => JSON.stringify(found.violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return JSON.parse(result.value);
}

async function looks(browser, { width, scheme, language, forced }) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    forcedColors: forced ? "active" : "none",
    bypassCSP: true,
  });
  const page = await context.newPage();
  let where = "";
  page.on("pageerror", (error) => expect(false, where, String(error)));
  page.on("request", (request) => {
    const url = request.url();
    expect(url.startsWith(base) || url.startsWith("data:"), where, `request to ${url}`);
  });
  for (const [name, path] of pages) {
    where = `${name} ${language} ${width} ${scheme}${forced ? " forced colours" : ""}`;
    await page.goto(base + localized(language, path));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide <= width, where, `${wide} pixels wide`);
    for (const found of await violations(page)) {
      const nodes = found.nodes.map((node) => node.html.slice(0, 120)).join(" | ");
      expect(false, where, `axe ${found.id}: ${found.help}: ${nodes}`);
    }
    expect(true, where, "axe");
  }
  expect((await context.cookies()).length === 0, where, "no cookie");
  await context.close();
}

/** From the home page to a provider's profile, without a mouse and without JavaScript. */
async function keyboard(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const where = "keyboard";
  await page.goto(`${base}/`);
  await page.keyboard.press("Tab");
  const skip = page.locator("a.skip");
  expect(await skip.evaluate((it) => it === it.ownerDocument.activeElement), where, "the skip link is first");
  expect((await skip.boundingBox()).x >= 0, where, "the skip link is seen with the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const field = page.locator("#q");
  expect(await field.evaluate((it) => it === it.ownerDocument.activeElement), where, "the search follows it");
  await page.keyboard.type("kristiansand");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/velg/4204-kristiansand");
  const press = async (locator) => {
    await locator.focus();
    await page.keyboard.press("Enter");
  };
  await press(page.locator("main h3 a").first());
  await page.waitForURL("**/praktisk-bistand");
  await press(page.locator(".filter summary"));
  await page.keyboard.press("Tab");
  await page.keyboard.type("po");
  await press(page.locator(".filter button"));
  await page.waitForURL("**sprak=pl**");
  expect((await page.locator(".card").count()) === 1, where, "one provider speaks Polish");
  await press(page.locator(".card h3 a"));
  await page.waitForURL("**/leverandor/*");
  await press(page.locator("main h3 a").first());
  await page.waitForURL("**/godkjenning/*");
  expect(await page.locator(".verdict.yes").isVisible(), where, "the approval is in force");
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // The sandbox of the browser needs a user that is not root.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  await validates();
  for (const language of ["nb", "nn"]) {
    for (const width of [320, 1280]) {
      for (const scheme of ["light", "dark"]) await looks(browser, { width, scheme, language });
    }
  }
  await looks(browser, { width: 1280, scheme: "light", language: "en" });
  await looks(browser, { width: 320, scheme: "light", language: "nb", forced: true });
  await keyboard(browser);
} finally {
  await browser.close();
}
console.log(`${checks} checks, ${faults.length} failed`);
process.exit(faults.length === 0 ? 0 : 1);
