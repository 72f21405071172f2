// Keeps a page true that was written on another day: what holds on some days only is shown on these days. Only exported pages load this,
// and without it they are true as well: what may pass says as of which day it was true.
{
  const { zone, day } = document.currentScript.dataset;
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts();
  const part = (type) => parts.find((part) => part.type === type).value;
  const now = `${part("year")}-${part("month")}-${part("day")}`;
  // A clock that is behind the page must not undo what the page knows to be over.
  const today = now > day ? now : day;
  for (const element of document.querySelectorAll("[data-until], [data-after]")) {
    const { until, after } = element.dataset;
    element.hidden = (until !== undefined && until < today) || (after !== undefined && today <= after);
  }
}
