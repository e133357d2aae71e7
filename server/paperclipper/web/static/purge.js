// A purge that is under way: the page looks again by itself until it is done. Without this module a link does.

const POLL_INTERVAL = 1000;
const state = document.querySelector("[data-purge]");

function isDone() {
  return state.querySelector("[data-purge-done]").dataset.purgeDone === "yes";
}

async function poll() {
  try {
    const response = await fetch(`${location.pathname}?part=state`);
    if (!response.ok || response.redirected) return location.reload();
    const html = await response.text();
    // Our own server's page, escaped there; the policy lets no script in it run. While nothing changed, nothing moves.
    if (html.includes('data-purge-done="yes"')) state.innerHTML = html;
  } catch {
    // The server may be starting anew: the next poll will tell.
  }
  if (!isDone()) setTimeout(poll, POLL_INTERVAL);
}

state.setAttribute("role", "status");
if (!isDone()) setTimeout(poll, POLL_INTERVAL);
