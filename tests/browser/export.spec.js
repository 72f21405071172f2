import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { serve } from "./host.js";

const folder = mkdtempSync(join(tmpdir(), "vdlm-export-"));
let host;

// The day before the 29th meetup, when two offers were open and a festival lay ahead; in a folder of a host.
test.beforeAll(async () => {
  const content = join(process.env.VDLM_TEST_FOLDER, "content");
  const flags = ["--links", "relative", "--as-of", "2019-09-23", "--no-compress", "--no-cards", "--content", content];
  execFileSync("../../target/debug/vdlm", ["build", join(folder, "vdlm"), ...flags]);
  host = await serve(folder);
});
test.afterAll(() => host.close());

const open = (page, path) => page.goto(`${host.base}/vdlm/${path}`);

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an export says as of when it is true", async ({ page }) => {
    await open(page, "");
    await expect(page.locator(".hero")).toContainText("Next meetup as of 23 September 2019");
    await open(page, "jobs/");
    await expect(page.locator("main")).toContainText("Open as of 23 September 2019");
    await expect(page.locator(".status:visible")).toHaveCount(0);
  });
});

test("an export shows what has passed since", async ({ page }) => {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const at = async (time, path) => {
    await page.clock.setFixedTime(new Date(time));
    await open(page, path);
  };
  const flag = page.locator(".page-head .flag:visible");

  // Half past eleven in the evening in Vienna is half past nine in UTC.
  await at("2019-09-23T21:30:00Z", "meetups/29/");
  await expect(flag).toHaveText("Coming as of 23 September 2019");
  await at("2019-09-23T22:30:00Z", "meetups/29/");
  await expect(flag).toHaveText("Today");
  await at("2019-09-24T22:30:00Z", "meetups/29/");
  await expect(flag).toHaveCount(0);
  // A clock that is behind changes nothing.
  await at("2001-01-01T12:00:00Z", "meetups/29/");
  await expect(flag).toHaveText("Coming as of 23 September 2019");

  await at("2019-09-24T12:00:00Z", "");
  await expect(page.locator(".hero .flag")).toBeVisible();
  await at("2019-09-25T12:00:00Z", "");
  await expect(page.locator(".hero .flag")).toBeHidden();
  await expect(page.locator(".hero .status").first()).toHaveText("Past");
  await expect(page.getByRole("heading", { name: "Open jobs" })).toBeVisible();

  // 24 September 2019 and 180 days are the last on which these offers count as open.
  await at("2020-03-22T12:00:00Z", "jobs/humai/");
  await expect(page.getByText("Closed", { exact: true })).toBeHidden();
  await at("2020-03-23T12:00:00Z", "jobs/humai/");
  await expect(page.getByText("Closed", { exact: true })).toBeVisible();
  await at("2020-03-23T12:00:00Z", "");
  await expect(page.getByRole("heading", { name: "Open jobs" })).toBeHidden();
  expect(complaints).toEqual([]);
});

test("an export in a folder of a host has its style and its links", async ({ page }) => {
  await open(page, "");
  expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe("flex");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Talks" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(147);
  expect(await page.locator("form").count()).toBe(0);
  await page.locator("tbody th a").first().click();
  await expect(page).toHaveURL(/\/vdlm\/talks\/[a-z0-9-]+\/$/);
});
