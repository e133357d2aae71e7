/** Requests that read from the server. They do nothing if the server is unreachable. */
import { ServerUnreachable, callApi, paperPath } from "../server/client.js";
import { loadConnection } from "../server/connection.js";
import { cacheRevision, cachedPaper, updateCache } from "../server/paper_cache.js";

/** @typedef {import("../messages.js").LookupRequest} LookupRequest */

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the response body, or null unless the server responds with status 200
 */
async function ask(method, path, body) {
  const connection = await loadConnection();
  if (!connection) return null;
  try {
    const response = await callApi(connection, method, path, { body });
    return response.status === 200 ? response.body : null;
  } catch (error) {
    if (error instanceof ServerUnreachable) return null;
    throw error;
  }
}

/**
 * Looks up which papers are in the library. If the page is a digest page, also reports the upvotes
 * and comments it shows for those papers.
 * @param {LookupRequest} request
 * @returns {Promise<boolean>} whether the server responded
 */
export async function lookUp({ seen, page, day }) {
  if (!seen.length) return false;
  const revision = cacheRevision();
  const found = await ask("POST", "/papers/lookup", { identifiers: seen.map(({ key }) => key) });
  if (!found) return false;
  const saved = new Set();
  for (const { identifier, paper } of found.items) {
    await updateCache(identifier, { paper }, revision);
    if (paper) saved.add(identifier);
  }
  if (page?.kind === "digest") {
    const shown = seen.filter(({ key }) => saved.has(key));
    await reportSightings(page, day, shown);
  }
  return true;
}

/**
 * @param {import("../types.js").PageRef} page
 * @param {string} day
 * @param {import("../messages.js").Seen[]} seen
 */
async function reportSightings(page, day, seen) {
  const items = seen
    .filter(({ upvotes, comments }) => upvotes !== null || comments !== null)
    .map(({ key, upvotes, comments }) => ({ identifier: key, upvotes, comments }));
  if (items.length) await ask("POST", "/sightings", { page, day, items });
}

/**
 * Caches the paper's note count and its newest note that was created in the extension, which is the
 * one shown for editing.
 * @param {string} key
 */
export async function refreshNotes(key) {
  const revision = cacheRevision();
  const paper = (await cachedPaper(key))?.paper;
  const annotations = paper && (await ask("GET", `${paperPath(paper.id)}/annotations`));
  if (!annotations) return;
  const notes = annotations.items.filter(
    (/** @type {any} */ one) => one.kind === "note" && !one.deleted_at,
  );
  const newest = notes.findLast((/** @type {any} */ one) => one.made_in === "extension");
  const note = newest && { id: newest.id, version: newest.version, body: newest.body };
  await updateCache(key, { paper: { ...paper, notes: notes.length }, note }, revision);
}

/**
 * @param {string} prefix
 * @returns {Promise<{ name: string, papers: number }[]>} at most five tags with this prefix
 */
export async function suggestTags(prefix) {
  const tags = await ask("GET", `/tags?prefix=${encodeURIComponent(prefix)}`);
  return tags?.items.slice(0, 5) ?? [];
}
