import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

// The scripts as a page loads them, one after the other in one scope; that of the page itself comes after them.
const parts = ["fold", "index", "ask", "marks"].map((part) => readFileSync(new URL(`../../static/search/${part}.js`, import.meta.url), "utf8"));
const { Index, search, mark, excerpt, suggest } = new Function(`${parts.join("\n")}; return { Index, search, mark, excerpt, suggest };`)();
const out = join(mkdtempSync(join(tmpdir(), "vdlm-search-")), "out");
let index;
let day;

// An export of the content that the server serves, and its index as its script reads it.
test.beforeAll(() => {
  const content = join(process.env.VDLM_TEST_FOLDER, "content");
  const binary = process.env.VDLM_BINARY ?? "../../target/debug/vdlm";
  execFileSync(binary, ["build", out, "--links", "files", "--no-compress", "--content", content]);
  const [file] = readdirSync(join(out, "search")).filter((name) => name.endsWith(".js"));
  const script = readFileSync(join(out, "search", file), "utf8");
  index = new Index(JSON.parse(script.slice("searchIndex(".length, script.lastIndexOf(")"))));
  day = readFileSync(join(out, "search/index.html"), "utf8").match(/data-day="([^"]+)"/)[1];
});

// One letter of a word is left out, exchanged, doubled, or swapped with the next, by the number.
function slip(text, number) {
  const at = number % Math.max(text.length - 1, 1);
  const slips = [text[at + 1] + text[at], "", "x", text[at] + text[at]];
  const skip = number % 4 === 0 ? 2 : 1;
  return text.slice(0, at) + slips[number % 4] + text.slice(at + skip);
}

function queries() {
  const all = ["schlüter", "Schluter", "SCHLUETER", "schlu", "schl", "s", "29", "5", "#5", "ai", "wa", "meetup 29", "meetup 029", "2019", "October 2019", "oct 2019"];
  all.push("2019-09-24", "u-net", "UNet", "deep-learning", "Deep-Learn", "end-to-end", "state-of-the-art learning", "RAdam", "alert", "Bert", "schlxeter", "c++", "ICLR'19", "gpt-4", "the of and", "what is deep learning", "data engineer", "lookahead zebra");
  all.push("xylophonist zyzzyva", "lerning", "recomender sytems", "<script>alert(1)</script>", "😀", "Mačina", "wei\u00df", "e", "\u0000", "Schlu\u0308ter");
  const kind = (number) => index.documents[number].kind;
  index.titles.forEach((title, number) => {
    const words = title.split(" ");
    if (number % 7 === 0) all.push(title);
    if (number % 11 === 0) all.push(words.at(-1).slice(0, 1 + (number % 5)));
    if (number % 5 === 0) all.push(slip(words.find((word) => word.length > 4) ?? title, number));
    if (index.kinds[kind(number)].slug === "people" && number % 3 === 0) all.push(slip(title, number));
  });
  return [...new Set(all)].filter((query) => query.trim() !== "");
}

const markup = (pieces) => pieces.map(({ text, marked }) => (marked ? `<mark>${text}</mark>` : text)).join("");

test("the script of an export finds what the server finds, in the same order, with the same marks", async ({ page, request }) => {
  const all = queries();
  expect(all.length).toBeGreaterThan(150);
  await page.goto("/search/");
  let compared = 0;
  for (const query of all) {
    const answer = await request.get(`/search/?q=${encodeURIComponent(query)}`);
    const live = await page.evaluate((html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      // Marks as they are, everything else as text.
      const text = (element) => [...(element?.childNodes ?? [])].map((node) => (node.nodeName === "MARK" ? `<mark>${node.textContent}</mark>` : node.textContent)).join("");
      const rows = [...page.querySelectorAll(".entry")].map((entry) => ({
        path: entry.querySelector("a").getAttribute("href"),
        title: text(entry.querySelector("a")),
        context: text(entry.querySelector(".entry-meta")),
        excerpt: text(entry.querySelector(".entry-excerpt")),
        over: entry.querySelector(".status")?.textContent ?? "",
        near: entry.parentNode.previousElementSibling?.tagName === "H3",
      }));
      const suggestions = [...page.querySelectorAll(".suggestions a")].map((link) => link.textContent);
      return { total: parseInt(page.querySelector(".results h2").textContent) || 0, rows, suggestions };
    }, await answer.text());
    const found = search(index, query, day);
    const rows = found.hits.slice(0, 20).map((hit) => ({
      path: index.paths[hit.document],
      title: markup(mark(index, found, index.titles[hit.document])),
      context: markup(mark(index, found, index.contexts[hit.document])),
      excerpt: markup(excerpt(index, found, index.texts[hit.document])),
      over: (hit.over && hit.kind.over) || "",
      near: hit.near,
    }));
    const suggestions = found.hits.length === 0 ? suggest(index, found).map(({ word }) => word) : [];
    expect.soft({ total: found.hits.length, rows, suggestions }, query).toEqual(live);
    compared += rows.length;
  }
  console.log(`${all.length} queries, ${compared} results compared`);
  expect(compared).toBeGreaterThan(1000);
});

// Results as a visitor sees them.
const shown = (page) => page.locator(".results").evaluate((part) => part.innerText);

test("the page of an export shows what the live page shows, opened from disk", async ({ page }) => {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  for (const query of ["?q=schluter+network", "?q=deep&page=2", "?q=deep&kind=talks", "?q=lokahead", "?q=xylophonist", "?q=data+engineer"]) {
    await page.goto(`/search/${query}`);
    const live = await shown(page);
    await page.goto(`file://${join(out, "search/index.html")}${query}`);
    await expect(page.locator(".results")).toBeVisible();
    expect(await shown(page), query).toBe(live);
  }
  await page.goto(`file://${join(out, "search/index.html")}`);
  await page.getByRole("searchbox").fill("jan schlueter");
  await page.keyboard.press("Enter");
  await page.locator(".results").getByRole("link", { name: "Jan Schlüter" }).first().click();
  await expect(page.locator("h1")).toHaveText("Jan Schlüter");
  expect(complaints).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the live search works, and that of an export says that it cannot", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("searchbox").fill("Schlueter");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/search\/\?q=Schlueter/);
    await expect(page.locator(".results mark").first()).toHaveText("Schlüter");
    await page.getByRole("navigation", { name: "Kinds of results" }).getByRole("link", { name: "Talks" }).click();
    await expect(page.locator(".results .kind").first()).toHaveText("Talk");
    await page.goto(`file://${join(out, "search/index.html")}`);
    await expect(page.locator("main")).toContainText("only a script can search here");
    await expect(page.locator("main").getByRole("link", { name: "Talks" })).toBeVisible();
    expect(await page.locator("form").count()).toBe(0);
  });
});
