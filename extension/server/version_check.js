/** Whether the library is awake, and whether the files of this extension are newer than what runs. */
import { fileUrl, version } from "../browser.js";
import { ServerAway, openCall, readOwn } from "./client.js";
import { connection } from "./connection.js";

/** @returns {Promise<import("../types.js").Upkeep>} */
export async function upkeepView() {
  const to = await connection();
  if (!to) return { asleep: false, update: "", ready: false };
  try {
    const { body } = await openCall(to.base, "GET", "/hello");
    const wanted = String(body?.extension_version ?? "");
    const update = isNewer(wanted, version()) ? wanted : "";
    return {
      asleep: false,
      update,
      ready: Boolean(update) && !isNewer(wanted, await versionOnDisk()),
    };
  } catch (error) {
    if (error instanceof ServerAway) return { asleep: true, update: "", ready: false };
    throw error;
  }
}

/** @returns {Promise<string>} of the files in the folder, which may be newer than what runs: browsers read an unpacked extension from there */
const versionOnDisk = async () => String((await readOwn(fileUrl("manifest.json")))?.version ?? "");

/** @param {string} one @param {string} other versions of up to four numbers, as manifests have them @returns {boolean} */
export function isNewer(one, other) {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2, 3].find((place) => (a[place] || 0) !== (b[place] || 0));
  return at !== undefined && (a[at] || 0) > (b[at] || 0);
}
