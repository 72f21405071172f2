import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Some seconds long in a build for tests; each test has a number of seeds of its own, so that each runs something new.
async function fill(page, epochs, seeds) {
  await page.goto("/lab/");
  for (const row of [1, 4]) await page.getByLabel(`Optimizer ${row}`, { exact: true }).selectOption("");
  await page.getByLabel("Learning rates").fill("0.01");
  await page.getByLabel("Epochs", { exact: true }).fill(String(epochs));
  await page.getByLabel("Seeds", { exact: true }).fill(String(seeds));
  await page.getByRole("button", { name: "Show the cost", exact: true }).click();
  await expect(page).toHaveURL(/\/lab\/\?spec=/);
  await expect(page.getByRole("heading", { name: "What would run" })).toBeVisible();
}

async function start(page) {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page).toHaveURL(/\/lab\/runs\/[0-9a-f]{20}\/$/);
}

const status = (page) => page.locator("#run-status");
const drawn = (page) => page.locator("#run-curves").evaluate((curves) => curves.innerHTML.length);
const violations = async (page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
  return violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join("\n  ")}`);
};

// RFC 4180 without quoted line ends, which no table has.
const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, "").replaceAll('""', '"')).slice(0, -1);

// The table in the page, the file and the figure's description say the same: the table rounded, the file in columns.
async function agrees(page) {
  const table = page.locator(".figure table");
  await page.getByText("Data as a table").click();
  await expect(table).toBeVisible();
  const rows = await table.locator("tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  await page.getByText("Downloads", { exact: true }).click();
  const file = await page.request.get(await page.getByRole("link", { name: "table as CSV" }).getAttribute("href"));
  const csv = (await file.text()).trimEnd().split("\r\n").map(cells);
  const mean = csv[0].indexOf("mean_test_accuracy_percent");
  expect(csv.slice(1).map((row) => [row[0], Number(row[mean]).toFixed(1)])).toEqual(rows.slice(1).map((row) => [row[0], row[2]]));
  expect(csv.length).toBeGreaterThan(2);
  const described = await page.locator(".figure svg desc").first().textContent();
  const curve = await page.request.get(await page.getByRole("link", { name: /Learning rate 0.01.* as CSV/ }).getAttribute("href"));
  const points = (await curve.text()).trimEnd().split("\r\n").map(cells);
  const error = points[0].findIndex((name) => /error/.test(name));
  for (const [name] of csv.slice(1)) {
    expect(described).toContain(name);
    const last = points.findLast((point) => point[0] === name);
    expect(described).toContain(`${name} ${Number(last[error]).toFixed(1)} %`);
  }
}

test("a run is watched by everybody while its curves grow, and its result can be taken away", async ({ browser, page }) => {
  test.setTimeout(180_000);
  await fill(page, 400, 3);
  await start(page);
  await expect(status(page)).toHaveText("Running on this server.");
  await expect.poll(() => drawn(page)).toBeGreaterThan(0);
  const [before, progress] = [await drawn(page), await page.locator("#run-progress").evaluate((bar) => bar.value)];
  const other = await (await browser.newContext()).newPage();
  await other.goto(page.url());
  await expect(status(other)).toHaveText("Running on this server.");
  await expect(page.getByRole("button", { name: "Stop this run" })).toBeVisible();
  await expect(other.getByRole("button", { name: "Stop this run" })).toHaveCount(0);
  for (const watcher of [page, other]) {
    await expect.poll(() => watcher.locator("#run-progress").evaluate((bar) => bar.value)).toBeGreaterThan(progress);
    await expect.poll(() => drawn(watcher)).toBeGreaterThan(before);
    await expect(watcher.locator("#run-left")).toContainText("left");
  }
  expect(await violations(page)).toEqual([]);
  for (const watcher of [page, other]) {
    await expect(status(watcher)).toHaveText("Done.", { timeout: 120_000 });
    await expect(watcher.locator(".figure svg[role=img]").first()).toBeVisible();
    await expect(watcher.locator("#run-progress")).toHaveCount(0);
  }
  await agrees(page);
  expect(await violations(page)).toEqual([]);
});

test("who started a run stops it", async ({ page }) => {
  await fill(page, 1000, 4);
  await start(page);
  await page.getByRole("button", { name: "Stop this run" }).click();
  await expect(status(page)).toHaveText("Stopped by the person who started it.");
  await expect(page.getByRole("button", { name: "Run it again" })).toBeVisible();
});

test("what is wrong in the form is told at its field", async ({ page }) => {
  await page.goto("/lab/");
  await page.getByLabel("Settings of optimizer 2").fill("beta3: 0.9");
  await page.getByRole("button", { name: "Show the cost", exact: true }).click();
  const field = page.getByLabel("Settings of optimizer 2");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/did you mean `beta1`|did you mean `beta2`/);
  expect(await violations(page)).toEqual([]);
});

test("a figure of an article is a preset of the lab", async ({ page }) => {
  await page.goto("/hot-topics/radam/");
  await page.getByRole("link", { name: /^Run this again/ }).first().click();
  await expect(page.getByRole("heading", { name: "What would run" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Show the result" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the same by the form alone", async ({ page }) => {
    test.setTimeout(180_000);
    await fill(page, 300, 5);
    await start(page);
    // Playwright looks for no text inside of `noscript`.
    await expect(page.locator("noscript p")).toBeVisible();
    // The page loads itself again until there is a result.
    await expect(status(page)).toHaveText("Done.", { timeout: 120_000 });
    await expect(page.locator(".figure svg[role=img]").first()).toBeVisible();
    await agrees(page);
  });
});
