import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { expect, test } from "@playwright/test";

const out = join(mkdtempSync(join(tmpdir(), "vdlm-search-")), "out");
const types = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
let host;
let site;

// An export of the content that the server serves, in a folder of a host that only sends files.
test.beforeAll(async () => {
  const content = join(process.env.VDLM_TEST_FOLDER, "content");
  const binary = process.env.VDLM_BINARY ?? "../../target/debug/vdlm";
  execFileSync(binary, ["build", out, "--base-url", "https://vdlm.example/vdlm/", "--no-compress", "--no-cards", "--content", content]);
  host = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/vdlm\//, "/").replace(/\/$/, "/index.html");
    try {
      const bytes = readFileSync(join(out, path));
      response.writeHead(200, { "Content-Type": types[extname(path)] ?? "text/plain" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => host.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${host.address().port}/vdlm/`;
});

test.afterAll(() => host.close());

const results = (page) => page.locator(".results");
const paths = (page) => page.locator(".entry-title a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname.replace("/vdlm/", "/")));

async function search(page, query) {
  await page.goto(`${site}search/?q=${encodeURIComponent(query)}`);
  await expect(results(page)).toBeVisible();
  return paths(page);
}

test("an export finds what the live server finds first", async ({ page }) => {
  for (const query of ["Jan Schlüter", "schlueter", "29", "#5", "029", "meetup 29", "ai", "RAdam", "Lookahead", "job", "slides", "hackathon", "next meetup", "gpt-4"]) {
    await page.goto(`/search/?q=${encodeURIComponent(query)}`);
    const [first] = await paths(page);
    expect((await search(page, query))[0], query).toBe(first);
  }
  expect((await search(page, "2019-09-24")).slice(0, 3)).toContain("/meetups/29/");
});

test("an export forgives spellings and typos, and marks what it found", async ({ page }) => {
  for (const query of ["Schlüter", "schluter", "SCHLUETER", "schlu", "schlter", "shclüter"]) {
    expect((await search(page, query)).slice(0, 5), query).toContain("/people/jan-schluter/");
    await expect(page.locator(".entry mark").filter({ hasText: "Schlüter" }).first(), query).toBeVisible();
  }
  await search(page, "schlter");
  await expect(results(page)).toContainText("No results for “schlter”. Showing results for similar spellings.");
  await search(page, "lookahead xylophonist");
  await expect(results(page)).toContainText("No page has all 2 words.");
  expect(await search(page, "xylophonist")).toEqual([]);
  await expect(page.locator("#lists")).toBeVisible();
  for (const query of ["deep-learning", "Deep-Learn", "state-of-the-art learning", "u-net"]) expect(await search(page, query), query).not.toEqual([]);
});

test("results of an export are counted by kind, come in pages and say what has expired", async ({ page }) => {
  await search(page, "learning");
  const total = parseInt(await page.locator(".results h2").textContent());
  const counts = (await page.locator(".kinds .unit").allTextContents()).map(Number);
  expect(counts[0]).toBe(total);
  expect(counts.slice(1).reduce((sum, count) => sum + count)).toBe(total);
  await page.getByRole("navigation", { name: "Kinds of results" }).getByRole("link", { name: "Talks" }).click();
  await expect(results(page).locator("[aria-current]")).toHaveText("Talks");
  expect(new Set(await page.locator(".entry .kind").allTextContents())).toEqual(new Set(["Talk"]));
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.locator(".pager")).toContainText("Page 2 of");
  await search(page, "data engineer");
  await expect(page.locator(".entry-title").filter({ hasText: "Job" }).first()).toContainText("Closed");
});

test("the search of an export keeps to its policy and shows queries as text", async ({ page }) => {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${site}search/`);
  expect(await page.locator("meta[http-equiv=Content-Security-Policy]").count()).toBe(1);
  await page.getByRole("searchbox").fill("jan schlueter");
  await page.keyboard.press("Enter");
  await results(page).getByRole("link", { name: "Jan Schlüter" }).first().click();
  await expect(page.locator("h1")).toHaveText("Jan Schlüter");
  for (const query of ["<script>alert(1)</script>", "\"><b>", "%", "😀", "a".repeat(5000)]) await search(page, query);
  expect(complaints).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the live search works, and that of an export leads to the lists", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("searchbox").fill("Schlueter");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/search\/\?q=Schlueter/);
    await expect(page.locator(".results mark").first()).toHaveText("Schlüter");
    await page.getByRole("navigation", { name: "Kinds of results" }).getByRole("link", { name: "Talks" }).click();
    await expect(page.locator(".results .kind").first()).toHaveText("Talk");
    await page.goto(`${site}search/`);
    await expect(page.locator("main")).toContainText("Searching needs JavaScript here");
    await expect(page.locator("main").getByRole("link", { name: "Talks" })).toBeVisible();
    expect(await page.locator("form").count()).toBe(0);
  });
});
