/**
 * Waits until the page has finished hydrating, because inserting nodes earlier breaks hydration.
 */

/** How long the DOM must stay unchanged, in ms, because hydration continues after `load`. */
const QUIET_TIME = 200;
const LONGEST_WAIT = 10 * QUIET_TIME;
const IDLE_TIMEOUT = 1000;

/** Resolves once the page has loaded, its DOM has settled, and the browser is idle. */
export async function pageIdle() {
  if (document.readyState !== "complete")
    await new Promise((done) => addEventListener("load", done, { once: true }));
  await pageUnchanged();
  await new Promise((done) => requestIdleCallback(done, { timeout: IDLE_TIMEOUT }));
}

/** @returns {Promise<void>} */
function pageUnchanged() {
  return new Promise((done) => {
    let quiet = setTimeout(finish, QUIET_TIME);
    const limit = setTimeout(finish, LONGEST_WAIT);
    const observer = new MutationObserver(() => {
      clearTimeout(quiet);
      quiet = setTimeout(finish, QUIET_TIME);
    });
    observer.observe(document.body, { childList: true, subtree: true });

    function finish() {
      observer.disconnect();
      clearTimeout(quiet);
      clearTimeout(limit);
      done();
    }
  });
}
