/**
 * The only module that uses the WebExtensions API: `chrome` in Chromium, `browser` in Firefox. Both
 * are promise-based. This module does not depend on papers or the server.
 */

/** @returns {typeof chrome} resolved on every call, so that tests can replace it */
const api = () => /** @type {any} */ (globalThis).browser ?? globalThis.chrome;

/** Pages on which strips appear. */
export const CLIPPABLE_PAGES = ["https://huggingface.co/papers*", "https://arxiv.org/abs/*"];

/** @param {string} key @returns {Promise<any>} a value from local storage, or undefined */
export const loadLocal = async (key) => (await api().storage.local.get(key))[key];

/** @param {Record<string, unknown>} items @returns {Promise<void>} resolves once stored */
export const saveLocal = (items) => api().storage.local.set(items);

/** @param {string | string[]} keys */
export const removeLocal = (keys) => api().storage.local.remove(keys);

/** @returns {Promise<string[]>} all keys in local storage */
export const localKeys = async () => Object.keys(await api().storage.local.get(null));

/** @param {string} key @returns {Promise<any>} a value from session storage, or undefined */
export const loadSession = async (key) => (await api().storage.session.get(key))[key];

/** @param {Record<string, unknown>} items */
export const saveSession = (items) => api().storage.session.set(items);

/** Clears session storage, which otherwise lasts until the browser is closed. */
export const clearSession = () => api().storage.session.clear();

/** Hides local storage, which contains the token, from content scripts where supported. */
export async function restrictStorageAccess() {
  await api().storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
}

/** @returns {string} the version of the running extension */
export const version = () => api().runtime.getManifest().version;

/** Reloads the extension from the files on disk. */
export const reloadExtension = () => api().runtime.reload();

/** @param {unknown} message @returns {Promise<any>} the background worker's response */
export const sendMessage = (message) => api().runtime.sendMessage(message);

/**
 * @param {number} tab
 * @param {unknown} message
 * @returns {Promise<any>} the page's response, or undefined if no content script is running there
 */
export const sendToTab = (tab, message) =>
  api()
    .tabs.sendMessage(tab, message)
    .catch(() => undefined);

/**
 * Sends a message to all clippable pages, the popup and the options page, if they are open.
 * @param {unknown} message
 */
export async function broadcast(message) {
  api()
    .runtime.sendMessage(message)
    .catch(() => {});
  for (const tab of await api().tabs.query({ url: CLIPPABLE_PAGES }))
    if (tab.id !== undefined) sendToTab(tab.id, message);
}

/**
 * Registers a message handler. It returns a promise for the response, or undefined to ignore the
 * message.
 * @param {(message: any) => Promise<unknown> | undefined} handler
 */
export function onMessage(handler) {
  api().runtime.onMessage.addListener((message, sender, answer) => {
    const work = sender.id === api().runtime.id ? handler(message) : undefined;
    work?.then(answer, (error) => answer({ error: String(error?.message ?? error) }));
    return work !== undefined;
  });
}

/** @param {string} name @param {number} when Unix time in ms */
export const setAlarm = (name, when) => api().alarms.create(name, { when });

/** @param {string} name */
export const clearAlarm = (name) => api().alarms.clear(name);

/** @param {(name: string) => void} handler */
export const onAlarm = (handler) =>
  api().alarms.onAlarm.addListener((alarm) => handler(alarm.name));

/** @param {() => void} handler called when the browser starts */
export const onStartup = (handler) => api().runtime.onStartup.addListener(handler);

/** @param {(reason: string) => void} handler */
export const onInstalled = (handler) =>
  api().runtime.onInstalled.addListener((details) => handler(details.reason));

/** @param {string} text @param {string} colour @param {string} title */
export async function setBadge(text, colour, title) {
  await api().action.setBadgeBackgroundColor({ color: colour });
  await api().action.setBadgeText({ text });
  await api().action.setTitle({ title });
}

/** @param {string} url */
export const openTab = (url) => api().tabs.create({ url });

/** Opens the options page. */
export const openOptionsPage = () => api().runtime.openOptionsPage();

/**
 * @returns {Promise<chrome.tabs.Tab | undefined>} with `url` set only on sites the extension has
 *   access to
 */
export const activeTab = async () =>
  (await api().tabs.query({ active: true, currentWindow: true }))[0];

/**
 * Injects the content script into pages that were already open when the extension was installed.
 * Skips pages that do not allow it.
 */
export async function injectIntoOpenPages() {
  for (const tab of await api().tabs.query({ url: CLIPPABLE_PAGES })) {
    const target = { tabId: /** @type {number} */ (tab.id) };
    await api()
      .scripting.insertCSS({ target, files: ["content/reserve.css"] })
      .catch(() => {});
    await api()
      .scripting.executeScript({ target, files: ["content/loader.js"] })
      .catch(() => {});
  }
}

/** @returns {string[]} match patterns of the sites the extension reads */
const sitePatterns = () =>
  api()
    .runtime.getManifest()
    .host_permissions?.filter((/** @type {string} */ host) => host.startsWith("https:")) ?? [];

/** @returns {Promise<boolean>} whether site access is granted; Firefox users can deny it */
export const hasSiteAccess = () => api().permissions.contains({ origins: sitePatterns() });

/**
 * Requests access to these sites. Must be called from a user gesture.
 * @returns {Promise<boolean>}
 */
export const requestSiteAccess = () => api().permissions.request({ origins: sitePatterns() });

/**
 * Requests access to a server on another computer. Must be called from a user gesture.
 * @param {string} base
 * @returns {Promise<boolean>}
 */
export const requestServerAccess = (base) =>
  api().permissions.request({ origins: [`https://${new URL(base).hostname}/*`] });

/** @param {string} path @returns {string} the URL of a file in the extension */
export const fileUrl = (path) => api().runtime.getURL(path);

/** @returns {boolean} false in a page left open while the extension was updated or removed */
export const isExtensionAlive = () => Boolean(api()?.runtime?.id);

/** @returns {string} the name shown for this browser in the library's list of connections */
export function browserName() {
  const agent = navigator.userAgent;
  if (agent.includes("Firefox/")) return "Firefox";
  return agent.includes("Edg/") ? "Edge" : "Chromium";
}
