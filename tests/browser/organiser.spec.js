import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const folder = join(process.env.VDLM_TEST_FOLDER, "content");

test("a saved change is in the open page without a reload, and a mistake is named in it", async ({ page }) => {
  const file = join(folder, "meetups/075.yaml");
  const good = readFileSync(file, "utf8");
  await page.goto("/meetups/75/");
  await page.evaluate(() => (window.stillTheSamePage = true));
  try {
    const start = Date.now();
    writeFileSync(file, good.replace(/^topic: .*$/m, "topic: Written While You Watch"));
    await page.waitForFunction(() => document.querySelector("main").textContent.includes("Written While You Watch"), null, { polling: 5 });
    console.log(`a saved change was shown after ${Date.now() - start} ms`);
    expect(await page.evaluate(() => window.stillTheSamePage)).toBe(true);

    writeFileSync(file, good.replace("venue: 42 Vienna", "venue: 42 Viena"));
    await expect(page.locator("#problems")).toContainText("did you mean `42 Vienna`?");
    await expect(page.locator("main")).toContainText("Written While You Watch");
  } finally {
    writeFileSync(file, good);
  }
  await expect(page.locator("#problems")).toBeHidden();
  await expect(page.locator("main")).not.toContainText("Written While You Watch");
});

test("an experiment that is edited runs again, and its figure comes to visitors who wait", async ({ page, baseURL }) => {
  const file = join(folder, "hot-topics/radam.md");
  const good = readFileSync(file, "utf8");
  // By another name the reader counts as a visitor, whose page has nothing of the organiser's.
  const visitor = baseURL.replace("127.0.0.1", "vdlm.example");
  try {
    writeFileSync(file, good.replace("epochs: 30\nseeds: 20", "epochs: 12\nseeds: 2"));
    const figure = page.locator("#figure-1");
    await expect(async () => {
      await page.goto(`${visitor}/hot-topics/radam/`);
      await expect(figure).toContainText("Running on this server now", { timeout: 50 });
    }).toPass();
    await page.evaluate(() => (window.stillTheSamePage = true));
    await expect(figure.locator("svg[role=img]").last()).toContainText("test error after 12 epochs", { timeout: 30_000 });
    expect(await page.evaluate(() => window.stillTheSamePage)).toBe(true);
  } finally {
    writeFileSync(file, good);
  }
});
