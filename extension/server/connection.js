/**
 * The only keeper of settings and of the key to the library. It must not know of papers or of HTTP.
 * All lies in lasting local storage, never in the synchronised one, which would hand the key to the browser's vendor.
 */
import { forget, load, store } from "../browser.js";

export const DEFAULT_BASE = "http://127.0.0.1:8377";

/** @returns {Promise<import("../types.js").Connection | null>} */
export const connection = async () => (await load("connection")) ?? null;

/** @param {import("../types.js").Connection} made */
export const keepConnection = (made) => store({ connection: made, base: made.base });

/** Forgets the key; the address stays. */
export const dropConnection = () => forget("connection");

/** @returns {Promise<string>} the server's address, without a final slash */
export const base = async () => (await load("base")) ?? DEFAULT_BASE;

/** @param {string} address */
export const keepBase = (address) => store({ base: address });

/** @returns {Promise<import("../types.js").Pairing | null>} the connection being made */
export const pairing = async () => (await load("pairing")) ?? null;

/** @param {import("../types.js").Pairing} begun */
export const keepPairing = (begun) => store({ pairing: begun });

export const dropPairing = () => forget("pairing");

/**
 * The address in its one form.
 * @param {string} text
 * @returns {string}
 * @throws {Error} where it is neither on this computer nor reached over TLS: others could listen
 */
export function checkBase(text) {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  const isHere = url?.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname);
  if (!url || !(isHere || url.protocol === "https:")) {
    throw new Error(
      `The address must begin with http://127.0.0.1 or http://localhost, for example ${DEFAULT_BASE}; of another computer, with https://.`,
    );
  }
  return url.origin;
}
