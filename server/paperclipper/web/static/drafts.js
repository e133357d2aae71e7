// Drafts: what is typed into a form is stored in this browser at each keystroke, until a page shows that the
// server has saved it. The hidden fields are stored too, since they contain the version that the reader
// started from: yesterday's draft cannot overwrite today's change.

const PREFIX = "draft:";
const DRAFT_TYPES = ["text", "search", "url", "date", "hidden"];

/** Store a draft; null deletes it. @returns {boolean} whether this browser stores drafts */
export function saveDraft(key, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false;
  }
}

function loadDraft(key) {
  try {
    return parseDraft(localStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return null;
  }
}

/** Earlier versions of Paperclipper stored only the text of a note. */
function parseDraft(stored) {
  try {
    const draft = JSON.parse(stored);
    return draft === null || typeof draft === "object" ? draft : { body: stored };
  } catch {
    return { body: stored };
  }
}

const fields = (form) =>
  [...form.elements].filter(
    (element) =>
      element.name && (element.type === "textarea" || DRAFT_TYPES.includes(element.type)),
  );
const values = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
const collapsed = (text) => text.replace(/\s+/g, " ").trim();
const isTyped = (field) => field.type !== "hidden" && !field.hidden;

function fill(form, draft) {
  for (const field of fields(form)) field.value = draft[field.name] ?? field.value;
}

/** Whether the form differs from the values that the server sent. */
const isChanged = (form) =>
  fields(form).some(
    (field) => isTyped(field) && collapsed(field.value) !== collapsed(field.defaultValue),
  );

/** Whether the page shows that the draft was saved. For a highlight, the server redirects to #mark-id. */
function isSaved(draft) {
  const id = "quote" in draft ? location.hash.replace("#mark-", "") : draft.id;
  const saved = document.getElementById(`body-${id}`)?.defaultValue;
  return saved !== undefined && collapsed(saved) === collapsed(draft.body ?? "");
}

function restoreDraft(form, key, status) {
  const initial = values(form);
  const draft = loadDraft(key);
  // The server rejected the form and returned its values: keep them for the reader to edit.
  if ("unsaved" in form.dataset) saveDraft(key, initial);
  if (!draft || "unsaved" in form.dataset) return initial;
  fill(form, draft);
  if (isSaved(draft) || !isChanged(form)) {
    fill(form, initial);
    saveDraft(key, null);
    return initial;
  }
  status.textContent = "Not saved yet: this is your draft.";
  form.closest("details")?.setAttribute("open", "");
  return initial;
}

const serverResponds = () =>
  fetch("/api/v1/hello", { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );

/** Submit only if the server responds. Otherwise the browser would open its own error page. */
function submitOnlyIfServerResponds(form, status) {
  let isConfirmed = false;
  form.addEventListener("submit", async (event) => {
    if (isConfirmed || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    isConfirmed = await serverResponds();
    if (isConfirmed) form.requestSubmit(event.submitter);
    else
      status.textContent =
        "Not saved: the server is not responding. Your text is kept here; start the server, then save again.";
  });
}

function draftStatus(isStored, isChanged) {
  if (!isStored) return "This browser cannot store drafts: save before you leave.";
  return isChanged ? "Draft kept in this browser" : "";
}

function forgetDraft(form, initial, status) {
  saveDraft(form.dataset.draftKey, null);
  for (const field of fields(form)) if (field.type === "hidden") field.value = initial[field.name];
  status.textContent = "";
  const details = form.closest("details");
  details?.removeAttribute("open");
  details?.querySelector("summary")?.focus();
}

/** @param {HTMLFormElement} form the form; its draft is stored under `data-draft-key` */
function trackDraft(form) {
  const key = form.dataset.draftKey;
  const status = form.querySelector("[data-draft-status]");
  const cancel = form.querySelector("[data-cancel]");
  const initial = restoreDraft(form, key, status);
  const hidesCancel = cancel && !form.closest("details");
  if (cancel) cancel.hidden = hidesCancel && !isChanged(form);
  form.addEventListener("input", () => {
    const changed = isChanged(form);
    if (hidesCancel) cancel.hidden = !changed;
    status.textContent = draftStatus(saveDraft(key, changed ? values(form) : null), changed);
  });
  form.addEventListener("reset", () => {
    forgetDraft(form, initial, status);
    if (cancel) cancel.hidden = hidesCancel;
  });
  submitOnlyIfServerResponds(form, status);
}

for (const form of document.querySelectorAll("form[data-draft-key]")) trackDraft(form);
