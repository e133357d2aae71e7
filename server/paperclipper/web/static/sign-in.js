// Signs in with the code in the URL fragment, and reloads pages that are waiting for sign-in.

const form = document.querySelector("[data-sign-in]");

function signIn() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.code.value = code;
  form.requestSubmit();
}

signIn();
// If the link is opened in a tab that already shows this page, only the fragment changes.
addEventListener("hashchange", signIn);

// The reader may have signed in from another tab: reload when this tab becomes visible.
if (document.querySelector("[data-reload-when-visible]")) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") location.reload();
  });
}
