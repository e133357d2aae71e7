/** A background worker connected to a fake library, and what tests do with it. */
import { fakeBrowser, startWorker } from "./fake_browser.js";
import { startLibrary } from "./fake_library.js";

export const KEY = "arxiv:2603.90000";
export const PAGE = { kind: "digest", url: "https://huggingface.co/papers" };

/** A response that makes the outbox wait. */
export const unavailable = () => ({ status: 503, body: {} });

/** @param {number} number @param {string} [title] @returns {any} the facts of an invented paper */
export const factsOf = (number, title = `Paper ${number}`) => ({
  source: "data",
  paper: {
    title,
    arxiv_id: `2603.9000${number}`,
    authors: [],
    author_count: null,
    published: null,
  },
});

/** @param {any} library @returns {object} the connection as the extension stores it */
export const connectionTo = (library) => ({
  base: library.base,
  token: "key-1",
  instance_id: "one",
  library: { id: "l", name: "Mine" },
});

export class Harness {
  /** @returns {Promise<Harness>} with a worker that has started */
  static async start() {
    const harness = new Harness();
    harness.browser = fakeBrowser();
    harness.library = await startLibrary();
    await harness.browser.storage.local.set({ connection: connectionTo(harness.library) });
    await startWorker(harness.browser);
    return harness;
  }

  stop() {
    return this.library.close();
  }

  restartWorker() {
    return startWorker(this.browser);
  }

  ask(message) {
    return this.browser.ask(message);
  }

  clip(number = 0, title = undefined) {
    const key = `arxiv:2603.9000${number}`;
    return this.ask({ type: "clip", key, facts: factsOf(number, title) });
  }

  editNote(body) {
    return this.ask({ type: "edit-note", key: KEY, body });
  }

  commitNote() {
    return this.ask({ type: "commit-note", key: KEY });
  }

  lookUp(seen = [{ key: KEY, upvotes: null, comments: null }], page = null) {
    return this.ask({ type: "lookup", seen, page, day: "2026-03-09" });
  }

  async connect() {
    this.library.verdict = "allowed";
    await this.ask({ type: "start-pairing", base: this.library.base });
    await this.ask({ type: "poll-pairing" });
  }

  async view() {
    return (await this.ask({ type: "get-views", keys: [KEY] }))[KEY];
  }

  /** @param {string} name @returns {any} a value in lasting storage */
  stored(name) {
    return this.browser.storage.local.items.get(name);
  }

  get outbox() {
    return this.stored("outbox") ?? [];
  }

  get draft() {
    return this.stored(`draft:${KEY}`);
  }

  get noteBodies() {
    return [...this.library.notes.values()].map((note) => note.body);
  }

  /** The writes that the library got, as "PUT clips". */
  get writes() {
    return this.library.log
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path.split("/")[1]}`);
  }
}
