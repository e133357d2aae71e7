/**
 * The only keeper of settings and of the key to the library. It must not know of papers or of HTTP.
 * All lies in lasting local storage, never in the synchronised one, which would hand the key to the browser's vendor.
 */
import { removeLocal, loadLocal, saveLocal } from "../browser.js";

export const DEFAULT_BASE_URL = "http://127.0.0.1:8377";

/** @returns {Promise<import("../types.js").Connection | null>} */
export const loadConnection = async () => (await loadLocal("connection")) ?? null;

/** @param {import("../types.js").Connection} connection */
export const saveConnection = (connection) =>
  saveLocal({ connection: connection, base: connection.base });

/** Forgets the key; the address stays. */
export const dropConnection = () => removeLocal("connection");

/** @returns {Promise<string>} the server's address, without a final slash */
export const loadBaseUrl = async () => (await loadLocal("base")) ?? DEFAULT_BASE_URL;

/** @param {string} address */
export const saveBaseUrl = (address) => saveLocal({ base: address });

/** @returns {Promise<import("../types.js").Pairing | null>} the connection being made */
export const loadPairing = async () => (await loadLocal("pairing")) ?? null;

/** @param {import("../types.js").Pairing} pairing */
export const savePairing = (pairing) => saveLocal({ pairing: pairing });

export const dropPairing = () => removeLocal("pairing");

/**
 * The address in its one form.
 * @param {string} text
 * @returns {string}
 * @throws {Error} where it is neither on this computer nor reached over TLS: others could listen
 */
export function normaliseBaseUrl(text) {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const isHere = url?.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname);
  if (!url || !(isHere || url.protocol === "https:")) {
    throw new Error(
      `The address must start with http://127.0.0.1 or http://localhost, for example ${DEFAULT_BASE_URL}, or ` +
        "with https:// for a server on another computer.",
    );
  }
  return url.origin;
}
