// Signing in without a keystroke: the link's fragment is the code. And a page that waits for it goes on by itself.

const form = document.querySelector("[data-sign-in]");

function signIn() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.code.value = code;
  form.requestSubmit();
}

signIn();
// The link opened in a tab that shows this page already: only the fragment changes.
addEventListener("hashchange", signIn);

// Signed in meanwhile, in another tab: coming back to this one loads it anew.
if (document.querySelector("[data-reload-when-visible]")) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") location.reload();
  });
}
