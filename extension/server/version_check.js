/** Checks whether the server is running and which extension version it expects. */
import { fileUrl, version } from "../browser.js";
import { ServerUnreachable, callWithoutToken, readExtensionFile } from "./client.js";
import { loadConnection } from "./connection.js";

/** @returns {Promise<import("../types.js").VersionCheck>} */
export async function checkVersion() {
  const connection = await loadConnection();
  if (!connection) return { unreachable: false, update: "", ready: false };
  try {
    const { body } = await callWithoutToken(connection.base, "GET", "/hello");
    const wanted = String(body?.extension_version ?? "");
    const update = isNewer(wanted, version()) ? wanted : "";
    return {
      unreachable: false,
      update,
      ready: Boolean(update) && !isNewer(wanted, await versionOnDisk()),
    };
  } catch (error) {
    if (error instanceof ServerUnreachable) return { unreachable: true, update: "", ready: false };
    throw error;
  }
}

/**
 * @returns {Promise<string>} the version of the files on disk, which may be newer than the running
 *   extension
 */
const versionOnDisk = async () =>
  String((await readExtensionFile(fileUrl("manifest.json")))?.version ?? "");

/**
 * @param {string} one
 * @param {string} other like `one`, a manifest version with up to four numbers
 * @returns {boolean}
 */
export function isNewer(one, other) {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  const index = [0, 1, 2, 3].find((index) => (a[index] || 0) !== (b[index] || 0));
  return index !== undefined && (a[index] || 0) > (b[index] || 0);
}
