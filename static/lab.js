// Watches a run of the lab: steps made, time left, curves as they grow, and the result.
// Without JavaScript the page reloads itself. Only pages of unfinished runs load this script.
const run = document.querySelector("[data-run]");
const status = document.getElementById("run-status");
const address = run.dataset.run;

// The server draws curves once for all who watch. Asking more often would show nothing new.
const DRAW_INTERVAL = 500;
let drawn = 0;
let drawing = false;

async function draw(version) {
  if (drawing || version === drawn) return;
  drawing = true;
  const answer = await fetch(`${address}curves`).catch(() => null);
  const curves = document.getElementById("run-curves");
  if (answer?.ok && curves) curves.innerHTML = await answer.text();
  drawn = version;
  await new Promise((done) => setTimeout(done, DRAW_INTERVAL));
  drawing = false;
}

// Replaces the progress by the result. The status line stays, so that its new text is announced.
async function finish(message) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  // The run of an article that has changed has no page any more.
  if (!answer.ok) {
    document.querySelector(".run-progress")?.remove();
    return say(message);
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = document.getElementById("run-body");
  // The focus moves from the stop button to the line that says how it ended.
  if (body.contains(document.activeElement)) status.focus();
  body.replaceWith(next.getElementById("run-body"));
  say(next.getElementById("run-status").textContent);
}

function say(message) {
  if (status.textContent !== message) status.textContent = message;
}

const source = new EventSource(`${address}events`);
source.addEventListener("state", (event) => {
  const state = JSON.parse(event.data);
  if (state.final) {
    source.close();
    return finish(state.message);
  }
  say(state.message);
  const bar = document.getElementById("run-progress");
  [bar.max, bar.value] = [state.total, state.done];
  document.getElementById("run-left").textContent = state.time_left;
  draw(state.curves);
});
// The browser connects again by itself, unless the answer says that there is no such run.
source.addEventListener("error", () => {
  const closed = source.readyState === EventSource.CLOSED;
  say(closed ? "There is no more news of this run. Please reload the page." : "The connection is lost; trying again.");
});
