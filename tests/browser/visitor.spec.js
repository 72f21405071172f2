import { expect, test } from "@playwright/test";
import { pages } from "./pages.js";

test("pages ask nobody else for anything and break no policy", async ({ page, baseURL }) => {
  test.setTimeout(120_000);
  const foreign = [];
  const complaints = [];
  page.on("request", (request) => request.url().startsWith(baseURL) || foreign.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  for (const path of pages.filter((path) => path !== "/nowhere/")) await page.goto(path);
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("talks can be searched and sorted", async ({ page }) => {
    await page.goto("/talks/");
    const all = await page.locator("tbody tr").count();
    expect(all).toBe(147);
    await page.getByRole("searchbox").first().fill("schluter");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/q=schluter/);
    const found = await page.locator("tbody tr").count();
    expect(found).toBeGreaterThan(3);
    expect(found).toBeLessThan(40);
    for (const row of await page.locator("tbody tr").allTextContents()) expect(row).toContain("Schlüter");
    await page.locator("thead").getByRole("link", { name: /title|talk/i }).first().click();
    await expect(page.locator("th[aria-sort=ascending], th[aria-sort=descending]")).toHaveCount(1);
    expect(await page.locator("tbody tr").count()).toBe(found);
  });

  test("one can walk, by keyboard, from talk to speaker to event to venue and on to the next event", async ({ page }) => {
    await page.goto("/talks/deep-learning-for-recommender-systems/");
    const main = page.locator("main");
    await main.getByRole("link", { name: "Jakub Mačina" }).first().press("Enter");
    await expect(page.locator("h1")).toContainText("Jakub Mačina");
    await main.locator('a[href="/meetups/29/"]').first().press("Enter");
    await main.getByRole("link", { name: "Raiffeisen Software" }).first().press("Enter");
    await expect(page.locator("h1")).toContainText("Raiffeisen Software");
    await main.locator('a[href="/meetups/29/"]').first().press("Enter");
    await main.locator('a[rel~="next"], a[href="/meetups/30/"]').first().press("Enter");
    await expect(page).toHaveURL(/\/meetups\/30\/$/);
  });
});

test("the article shows what the server trained, as chart, words and table", async ({ page }) => {
  await page.goto("/hot-topics/radam/");
  const figure = page.locator("figure").filter({ has: page.locator("svg") }).first();
  await expect(figure.locator("svg[role=img]").first()).toBeVisible();
  const label = await figure.locator("svg[role=img]").first().evaluate((svg) => {
    const by = svg.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id)?.textContent).join(" ");
    return svg.getAttribute("aria-label") ?? by ?? svg.querySelector("title")?.textContent;
  });
  expect(label).toMatch(/RAdam/);
  await figure.getByText(/data|table/i).first().click();
  const cells = await figure.locator("td").allTextContents();
  expect(cells.filter((cell) => /\d/.test(cell)).length).toBeGreaterThan(15);
});
