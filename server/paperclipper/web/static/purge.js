// A purge that is under way: the page looks again by itself until it is done. Without this module a link does.

const EVERY = 1000;
const shown = document.querySelector("[data-purge]");

function isDone() {
  return shown.querySelector("[data-purge-done]").dataset.purgeDone === "yes";
}

async function look() {
  try {
    const answer = await fetch(`${location.pathname}?part=state`);
    if (!answer.ok || answer.redirected) return location.reload();
    const html = await answer.text();
    // Our own server's page, escaped there; the policy lets no script in it run. While nothing changed, nothing moves.
    if (html.includes('data-purge-done="yes"')) shown.innerHTML = html;
  } catch {
    // The server may be starting anew: the next look will tell.
  }
  if (!isDone()) setTimeout(look, EVERY);
}

shown.setAttribute("role", "status");
if (!isDone()) setTimeout(look, EVERY);
