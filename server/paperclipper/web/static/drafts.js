// What is being typed into a form, kept in this browser at each keystroke until a page shows that the server has it. With
// it go the form's hidden fields, which say from what the reader began: a draft of yesterday overwrites nothing of today.

const PREFIX = "draft:";
const KEPT = ["text", "search", "url", "date", "hidden"];

/** @returns {boolean} whether this browser keeps it; null forgets what it kept */
export function keep(key, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    else localStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false;
  }
}

function kept(key) {
  try {
    return read(localStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return null;
  }
}

/** Earlier versions kept the text of a note alone. */
function read(stored) {
  try {
    const draft = JSON.parse(stored);
    return draft === null || typeof draft === "object" ? draft : { body: stored };
  } catch {
    return { body: stored };
  }
}

const fields = (form) =>
  [...form.elements].filter(
    (one) => one.name && (one.type === "textarea" || KEPT.includes(one.type)),
  );
const values = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
const squeezed = (text) => text.replace(/\s+/g, " ").trim();
const isTyped = (field) => field.type !== "hidden" && !field.hidden;

function put(form, draft) {
  for (const field of fields(form)) field.value = draft[field.name] ?? field.value;
}

/** Whether the form says other than the page that the server sent. */
const isChanged = (form) =>
  fields(form).some(
    (field) => isTyped(field) && squeezed(field.value) !== squeezed(field.defaultValue),
  );

/** Whether the page shows what the draft was to become. A highlight's id is the server's, which leads to it (#mark-…). */
function isHere(draft) {
  const id = "quote" in draft ? location.hash.replace("#mark-", "") : draft.id;
  const saved = document.getElementById(`body-${id}`)?.defaultValue;
  return saved !== undefined && squeezed(saved) === squeezed(draft.body ?? "");
}

function bringBack(form, key, line) {
  const began = values(form);
  const draft = kept(key);
  // The server sent back what it did not take: that is what the reader goes on with.
  if ("unsaved" in form.dataset) keep(key, began);
  if (!draft || "unsaved" in form.dataset) return began;
  put(form, draft);
  if (isHere(draft) || !isChanged(form)) {
    put(form, began);
    keep(key, null);
    return began;
  }
  line.textContent = "Not saved yet: this is your draft.";
  form.closest("details")?.setAttribute("open", "");
  return began;
}

const answers = () =>
  fetch("/api/v1/hello", { cache: "no-store" }).then(
    (answer) => answer.ok,
    () => false,
  );

/** A form that no server takes would leave the reader on the browser's own error page. */
function askFirst(form, line) {
  let goesOn = false;
  form.addEventListener("submit", async (event) => {
    if (goesOn || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    goesOn = await answers();
    if (goesOn) form.requestSubmit(event.submitter);
    else
      line.textContent =
        "Not saved: your server does not answer. Your words stay here: start it, then save again.";
  });
}

/** @param {HTMLFormElement} form whose draft has the name `data-draft-key` */
function follow(form) {
  const key = form.dataset.draftKey;
  const line = form.querySelector("[data-draft-status]");
  const cancel = form.querySelector("[data-cancel]");
  const began = bringBack(form, key, line);
  const isAlone = cancel && !form.closest("details");
  if (cancel) cancel.hidden = isAlone && !isChanged(form);
  form.addEventListener("input", () => {
    const changed = isChanged(form);
    if (isAlone) cancel.hidden = !changed;
    const isKept = keep(key, changed ? values(form) : null);
    line.textContent = isKept
      ? changed
        ? "Draft kept in this browser"
        : ""
      : "This browser keeps no draft: save before you leave.";
  });
  form.addEventListener("reset", () => {
    keep(key, null);
    for (const field of fields(form)) if (field.type === "hidden") field.value = began[field.name];
    line.textContent = "";
    const details = form.closest("details");
    details?.removeAttribute("open");
    details?.querySelector("summary")?.focus();
    if (cancel) cancel.hidden = isAlone;
  });
  askFirst(form, line);
}

for (const form of document.querySelectorAll("form[data-draft-key]")) follow(form);
