// Polls the progress of a purge until it is done. Without this module, the page has a link to check again.

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
    // The HTML is from our own server, which escapes it. Update only when done, to avoid layout shifts.
    if (html.includes('data-purge-done="yes"')) state.innerHTML = html;
  } catch {
    // The server may be restarting: try again at the next poll.
  }
  if (!isDone()) setTimeout(poll, POLL_INTERVAL);
}

state.setAttribute("role", "status");
if (!isDone()) setTimeout(poll, POLL_INTERVAL);
