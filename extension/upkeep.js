/** Whether the library is awake, and whether the files of this extension are newer than what runs. */
import { version } from "./browser.js";
import { ServerAway, openCall } from "./server.js";
import { connection } from "./settings.js";

/** @returns {Promise<import("./types.js").UpkeepView>} */
export async function upkeepView() {
  const to = await connection();
  if (!to) return { asleep: false, update: "" };
  try {
    const { body } = await openCall(to.base, "GET", "/hello");
    const wanted = String(body?.extension_version ?? "");
    return { asleep: false, update: isNewer(wanted, version()) ? wanted : "" };
  } catch (error) {
    if (error instanceof ServerAway) return { asleep: true, update: "" };
    throw error;
  }
}

/** @param {string} one @param {string} other versions of up to four numbers, as manifests have them @returns {boolean} */
export function isNewer(one, other) {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2, 3].find((place) => (a[place] || 0) !== (b[place] || 0));
  return at !== undefined && (a[at] || 0) > (b[at] || 0);
}
