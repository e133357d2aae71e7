/**
 * A browser for tests: its storage copies what it takes and gives, and answers later, as the real one does; its alarms ring when told.
 * It outlives the worker: `startWorker` runs background.js afresh over the same storage.
 */

/** @returns {any} an area of storage; `room` is how many bytes it takes */
function area() {
  /** @type {Map<string, unknown>} */
  const items = new Map();
  const later = () => new Promise((done) => setTimeout(done));
  const names = (/** @type {any} */ keys) => (keys === null ? [...items.keys()] : [keys].flat());
  const taken = {
    items,
    get: async (/** @type {any} */ keys) => {
      await later();
      return structuredClone(
        Object.fromEntries(
          names(keys)
            .filter((name) => items.has(name))
            .map((name) => [name, items.get(name)]),
        ),
      );
    },
    room: Infinity,
    set: async (/** @type {object} */ news) => {
      const copy = structuredClone(news);
      await later();
      if (JSON.stringify({ ...Object.fromEntries(items), ...copy }).length > taken.room)
        throw new Error("Session storage quota bytes exceeded. Values were not stored.");
      for (const [name, value] of Object.entries(copy)) items.set(name, value);
    },
    remove: async (/** @type {any} */ keys) => {
      await later();
      for (const name of names(keys)) items.delete(name);
    },
    clear: async () => items.clear(),
    setAccessLevel: async ({ accessLevel }) => items.set("access level", accessLevel),
  };
  return taken;
}

const event = () => {
  const heard = [];
  return {
    heard,
    addListener: (listener) => heard.push(listener),
    fire: (...args) => heard.at(-1)(...args),
  };
};

/** @returns {any} what extensions call `chrome`, with `ask`, `ring` and `alarms.set` for tests */
export function fakeBrowser() {
  const alarms = new Map();
  const browser = {
    storage: { local: area(), session: area() },
    alarms: {
      set: alarms,
      onAlarm: event(),
      create: async (name, { when }) => alarms.set(name, when),
      clear: async (name) => alarms.delete(name),
    },
    runtime: {
      id: "fake",
      onMessage: event(),
      onStartup: event(),
      onInstalled: event(),
      announced: [],
      getManifest: () => ({ host_permissions: [], version: "0.1.0" }),
      sendMessage: async (message) => browser.runtime.announced.push(message),
      openOptionsPage: async () => {},
      getURL: (path) => path,
    },
    tabs: {
      opened: [],
      query: async () => [],
      create: async ({ url }) => browser.tabs.opened.push(url),
      sendMessage: async () => undefined,
    },
    action: {
      text: "",
      drawn: 0,
      setBadgeText: async ({ text }) => (browser.action.text = text),
      setBadgeBackgroundColor: async () => {},
      setTitle: async () => (browser.action.drawn += 1),
    },
    scripting: { insertCSS: async () => {}, executeScript: async () => {} },
    ask: (message) =>
      new Promise((answer) =>
        browser.runtime.onMessage.fire(structuredClone(message), { id: "fake" }, answer),
      ),
    ring: async (name) => {
      alarms.delete(name);
      await browser.alarms.onAlarm.fire({ name });
    },
  };
  return browser;
}

let workers = 0;

/** Runs the background as a worker that starts now, until it has done what every start does. An earlier one's memory is gone. @param {any} browser */
export async function startWorker(browser) {
  globalThis.chrome = browser;
  globalThis.self ??= globalThis;
  globalThis.navigator ??= /** @type {any} */ ({ userAgent: "a browser for tests" });
  globalThis.self.addEventListener ??= () => {};
  workers += 1;
  const drawn = browser.action.drawn;
  await import(`../../extension/background/background.js?worker=${workers}`);
  await until(() => browser.action.drawn > drawn);
}

/** @param {() => boolean | Promise<boolean>} holds @returns {Promise<void>} once it does; rejects after five seconds */
export async function until(holds) {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Never true: ${holds}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
