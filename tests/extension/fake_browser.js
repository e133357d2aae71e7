/**
 * A browser for tests. Its storage is asynchronous and copies values, as in a real browser; its
 * alarms go off when a test calls `ring`. It outlives the worker: `startWorker` runs background.js
 * again with the same storage.
 */

const nextTask = () => new Promise((done) => setTimeout(done));

/** A storage area. `quota` is its size in bytes. */
class StorageArea {
  items = new Map();
  quota = Infinity;

  get = async (keys) => {
    await nextTask();
    const found = this.#names(keys).filter((name) => this.items.has(name));
    return structuredClone(Object.fromEntries(found.map((name) => [name, this.items.get(name)])));
  };

  set = async (changes) => {
    const copy = structuredClone(changes);
    await nextTask();
    const size = JSON.stringify({ ...Object.fromEntries(this.items), ...copy }).length;
    if (size > this.quota)
      throw new Error("Session storage quota bytes exceeded. Values were not stored.");
    for (const [name, value] of Object.entries(copy)) this.items.set(name, value);
  };

  remove = async (keys) => {
    await nextTask();
    for (const name of this.#names(keys)) this.items.delete(name);
  };

  clear = async () => this.items.clear();

  setAccessLevel = async ({ accessLevel }) => this.items.set("access level", accessLevel);

  #names = (keys) => (keys === null ? [...this.items.keys()] : [keys].flat());
}

/** An event with the listener of the worker that started last. */
class FakeEvent {
  #listeners = [];

  addListener = (listener) => this.#listeners.push(listener);

  fire = (...values) => this.#listeners.at(-1)(...values);
}

/** The part of the API called `chrome` that the extension uses, with `ask` and `ring` for tests. */
class FakeBrowser {
  storage = { local: new StorageArea(), session: new StorageArea() };

  #alarms = new Map();
  alarms = {
    set: this.#alarms,
    onAlarm: new FakeEvent(),
    create: async (name, { when }) => this.#alarms.set(name, when),
    clear: async (name) => this.#alarms.delete(name),
  };

  runtime = {
    id: "fake",
    onMessage: new FakeEvent(),
    onStartup: new FakeEvent(),
    onInstalled: new FakeEvent(),
    announced: [],
    getManifest: () => ({ host_permissions: [], version: "0.1.0" }),
    sendMessage: async (message) => this.runtime.announced.push(message),
    openOptionsPage: async () => {},
    getURL: (path) => path,
  };

  tabs = {
    opened: [],
    query: async () => [],
    create: async ({ url }) => this.tabs.opened.push(url),
    sendMessage: async () => undefined,
  };

  action = {
    text: "",
    drawn: 0,
    setBadgeText: async ({ text }) => (this.action.text = text),
    setBadgeBackgroundColor: async () => {},
    setTitle: async () => (this.action.drawn += 1),
  };

  scripting = { insertCSS: async () => {}, executeScript: async () => {} };

  /** @param {object} message @returns {Promise<any>} the background's answer */
  ask(message) {
    return new Promise((answer) =>
      this.runtime.onMessage.fire(structuredClone(message), { id: "fake" }, answer),
    );
  }

  /** Makes an alarm go off. @param {string} name */
  async ring(name) {
    this.#alarms.delete(name);
    await this.alarms.onAlarm.fire({ name });
  }
}

/** @returns {any} */
export const fakeBrowser = () => new FakeBrowser();

let workers = 0;

/**
 * Starts a new background worker, without the memory of an earlier one, and waits for its work at
 * the start.
 * @param {any} browser
 */
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

/**
 * Waits until the condition is true. Rejects after five seconds.
 * @param {() => boolean | Promise<boolean>} condition
 */
export async function until(condition) {
  const end = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Never true: ${condition}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
