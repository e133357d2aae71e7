// Submits forms without leaving the page. The server responds with a redirect (303), which is not followed.

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button the pressed button; its name and value are sent too
 * @returns {Promise<boolean>} whether the server accepted it
 */
export async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    return response.type === "opaqueredirect";
  } catch {
    return false;
  }
}

const TEXT_FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

/** @param {EventTarget | null} target @returns {boolean} whether the target accepts text input */
export function isTyping(target) {
  return target instanceof HTMLElement && target.matches(TEXT_FIELDS);
}

export const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey;

/** Set stars without leaving the page; if that fails, reload it. */
export function toggleStarsInPlace() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-star]")) return;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    if (!(await send(form, button))) {
      location.reload();
      return;
    }
    const starred = button.value === "1";
    button.setAttribute("aria-pressed", String(starred));
    button.value = starred ? "0" : "1";
  });
}
