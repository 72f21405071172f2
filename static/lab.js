// Watches a run of the lab: steps made, time left, curves as they grow, and its result when it is there.
// Without this the page asks again by itself; only pages of unfinished runs load it.
const run = document.querySelector("[data-run]");
const status = document.getElementById("run-status");
const at = run.dataset.run;

// Curves are drawn by the server, once for all who watch; asking more often than this would show nothing new.
const PAUSE = 500;
let drawn = 0;
let drawing = false;

async function draw(version) {
  if (drawing || version === drawn) return;
  drawing = true;
  const answer = await fetch(`${at}curves`).catch(() => null);
  const curves = document.getElementById("run-curves");
  if (answer?.ok && curves) curves.innerHTML = await answer.text();
  drawn = version;
  await new Promise((done) => setTimeout(done, PAUSE));
  drawing = false;
}

// The result takes the place of the progress. The line of the status stays, so that its new words are announced.
async function finish() {
  const answer = await fetch(at, { headers: { accept: "text/html" } });
  if (!answer.ok) return location.reload();
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = document.getElementById("run-body");
  // Whoever was at the stop button goes on from the line that says how it ended.
  if (body.contains(document.activeElement)) status.focus();
  body.replaceWith(next.getElementById("run-body"));
  say(next.getElementById("run-status").textContent);
}

function say(words) {
  if (status.textContent !== words) status.textContent = words;
}

const source = new EventSource(`${at}events`);
source.addEventListener("state", (event) => {
  const state = JSON.parse(event.data);
  if (state.final) {
    source.close();
    return finish();
  }
  say(state.words);
  const bar = document.getElementById("run-progress");
  [bar.max, bar.value] = [state.total, state.done];
  document.getElementById("run-left").textContent = state.left;
  draw(state.curves);
});
// The browser asks again by itself, but for answers such as "there is no such run".
source.addEventListener("error", () => {
  const over = source.readyState === EventSource.CLOSED;
  say(over ? "The server tells no more of this run. Load the page again." : "The connection is lost; trying again.");
});
