/**
 * Stores the server's address, the connection and any pairing in progress. Does not depend on papers
 * or HTTP. Uses `storage.local`, never `storage.sync`, which would upload the token to the browser
 * vendor.
 */
import { removeLocal, loadLocal, saveLocal } from "../browser.js";

export const DEFAULT_BASE_URL = "http://127.0.0.1:8377";

/** @returns {Promise<import("../types.js").Connection | null>} */
export const loadConnection = async () => (await loadLocal("connection")) ?? null;

/** @param {import("../types.js").Connection} connection */
export const saveConnection = (connection) =>
  saveLocal({ connection: connection, base: connection.base });

/** Deletes the connection and its token, but keeps the address. */
export const dropConnection = () => removeLocal("connection");

/** @returns {Promise<string>} the server's address, without a trailing slash */
export const loadBaseUrl = async () => (await loadLocal("base")) ?? DEFAULT_BASE_URL;

/** @param {string} address */
export const saveBaseUrl = (address) => saveLocal({ base: address });

/** @returns {Promise<import("../types.js").Pairing | null>} the pairing in progress */
export const loadPairing = async () => (await loadLocal("pairing")) ?? null;

/** @param {import("../types.js").Pairing} pairing */
export const savePairing = (pairing) => saveLocal({ pairing: pairing });

export const dropPairing = () => removeLocal("pairing");

/**
 * Normalises the address of a server.
 * @param {string} text
 * @returns {string}
 * @throws {Error} if it is neither local nor HTTPS, since the token could be intercepted
 */
export function normaliseBaseUrl(text) {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const isHere = url?.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname);
  if (!url || !(isHere || url.protocol === "https:")) {
    throw new Error(
      "The address must start with http://127.0.0.1 or http://localhost, for example " +
        `${DEFAULT_BASE_URL}, or with https:// for a server on another computer.`,
    );
  }
  return url.origin;
}
