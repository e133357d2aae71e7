/**
 * The only file that touches the browser's extension API. Chromium calls it `chrome`, Firefox `browser`; both answer with promises.
 * It knows nothing of papers or of the server.
 */

/** @returns {typeof chrome} looked up at each call, so that tests can put their own in place */
const api = () => /** @type {any} */ (globalThis).browser ?? globalThis.chrome;

/** Pages on which strips appear. */
export const CLIPPABLE_PAGES = ["https://huggingface.co/papers*", "https://arxiv.org/abs/*"];

/** @param {string} key @returns {Promise<any>} what lies in lasting storage, or undefined */
export const loadLocal = async (key) => (await api().storage.local.get(key))[key];

/** @param {Record<string, unknown>} items @returns {Promise<void>} once they are stored */
export const saveLocal = (items) => api().storage.local.set(items);

/** @param {string | string[]} keys */
export const removeLocal = (keys) => api().storage.local.remove(keys);

/** @returns {Promise<string[]>} the names of all that lies in lasting storage */
export const localKeys = async () => Object.keys(await api().storage.local.get(null));

/** @param {string} key @returns {Promise<any>} what lies in storage until the browser closes, or undefined */
export const loadSession = async (key) => (await api().storage.session.get(key))[key];

/** @param {Record<string, unknown>} items */
export const saveSession = (items) => api().storage.session.set(items);

/** Drops all that lies in storage until the browser closes. */
export const clearSession = () => api().storage.session.clear();

/** Keeps lasting storage, the token among it, from content scripts where the browser can (not all can). */
export async function restrictStorageAccess() {
  await api().storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });
}

/** @returns {string} of the files that run now */
export const version = () => api().runtime.getManifest().version;

/** Starts the extension anew, from its files as they are now. */
export const reloadExtension = () => api().runtime.reload();

/** @param {unknown} message @returns {Promise<any>} the background's answer */
export const sendMessage = (message) => api().runtime.sendMessage(message);

/** @param {number} tab @param {unknown} message @returns {Promise<any>} the page's answer; undefined where none of ours is there */
export const sendToTab = (tab, message) =>
  api()
    .tabs.sendMessage(tab, message)
    .catch(() => undefined);

/** Tells every open page, popup and settings page. Nobody has to listen. @param {unknown} message */
export async function broadcast(message) {
  api()
    .runtime.sendMessage(message)
    .catch(() => {});
  for (const tab of await api().tabs.query({ url: CLIPPABLE_PAGES }))
    if (tab.id !== undefined) sendToTab(tab.id, message);
}

/**
 * Answers messages. A handler returns a promise, or undefined for a message that is not its own.
 * @param {(message: any) => Promise<unknown> | undefined} handler
 */
export function onMessage(handler) {
  api().runtime.onMessage.addListener((message, sender, answer) => {
    const work = sender.id === api().runtime.id ? handler(message) : undefined;
    work?.then(answer, (error) => answer({ error: String(error?.message ?? error) }));
    return work !== undefined;
  });
}

/** @param {string} name @param {number} when ms since 1970 */
export const setAlarm = (name, when) => api().alarms.create(name, { when });

/** @param {string} name */
export const clearAlarm = (name) => api().alarms.clear(name);

/** @param {(name: string) => void} handler */
export const onAlarm = (handler) =>
  api().alarms.onAlarm.addListener((alarm) => handler(alarm.name));

/** @param {() => void} handler called at the browser's start */
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

/** Opens the settings page. */
export const openOptionsPage = () => api().runtime.openOptionsPage();

/** @returns {Promise<chrome.tabs.Tab | undefined>} the tab in front; its `url` is known on our hosts only */
export const activeTab = async () =>
  (await api().tabs.query({ active: true, currentWindow: true }))[0];

/** Brings strips to pages that were open before the extension was there. Pages that refuse are left as they are. */
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

/** @returns {string[]} the sites that the extension reads */
const sitePatterns = () =>
  api()
    .runtime.getManifest()
    .host_permissions?.filter((/** @type {string} */ host) => host.startsWith("https:")) ?? [];

/** @returns {Promise<boolean>} whether the browser lets us read them; Firefox's user can say no */
export const hasSiteAccess = () => api().permissions.contains({ origins: sitePatterns() });

/** Asks for them; only in answer to a click. @returns {Promise<boolean>} */
export const requestSiteAccess = () => api().permissions.request({ origins: sitePatterns() });

/** Asks for a server that is not on this computer; only in answer to a click. @param {string} base @returns {Promise<boolean>} */
export const requestServerAccess = (base) =>
  api().permissions.request({ origins: [`https://${new URL(base).hostname}/*`] });

/** @param {string} path @returns {string} the address of one of our own files */
export const fileUrl = (path) => api().runtime.getURL(path);

/** @returns {boolean} false in a page whose extension was updated or removed under it */
export const isExtensionAlive = () => Boolean(api()?.runtime?.id);

/** @returns {string} how this browser is called in the library's list of keys */
export function browserName() {
  const agent = navigator.userAgent;
  return agent.includes("Firefox/") ? "Firefox" : agent.includes("Edg/") ? "Edge" : "Chromium";
}
