/**
 * Pairing: connects to a library without the reader entering a secret. PKCE (RFC 7636, S256) ensures
 * that only the browser that started the pairing can obtain the token, and the reader compares three
 * words. The state is kept in storage, so that pairing survives the worker being stopped.
 */
import { browserName, clearAlarm, openTab, setAlarm } from "../browser.js";
import { callWithoutToken, problemText } from "./client.js";
import {
  loadBaseUrl,
  loadConnection,
  dropPairing,
  saveBaseUrl,
  saveConnection,
  savePairing,
  loadPairing,
} from "./connection.js";

export const PAIRING_ALARM = "pairing";
const POLL_INTERVAL = 30_000;

/** @returns {Promise<import("../types.js").ConnectionView>} */
export async function connectionView() {
  const [connection, pairing, address] = await Promise.all([
    loadConnection(),
    loadPairing(),
    loadBaseUrl(),
  ]);
  return {
    state: stateOf(pairing, connection),
    base: pairing?.base ?? connection?.base ?? address,
    words: pairing?.words ?? [],
    approve_url: pairing?.approve_url ?? "",
    expires_at: pairing?.expires_at ?? "",
    library: connection?.library.name ?? "",
  };
}

/**
 * @param {unknown} pairing
 * @param {unknown} connection
 * @returns {"waiting" | "connected" | "none"}
 */
function stateOf(pairing, connection) {
  if (pairing) return "waiting";
  return connection ? "connected" : "none";
}

/**
 * Requests a pairing from the server and opens the approval page in the library.
 * @param {string} address as returned by `normaliseBaseUrl`
 * @throws {Error} with a user-facing message
 */
export async function startPairing(address) {
  await checkServer(address);
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const response = await callWithoutToken(address, "POST", "/pairings", {
    client_name: browserName(),
    challenge: await challengeOf(verifier),
  });
  if (response.status === 429)
    throw new Error(`Too many connection requests. Try again in ${response.retry_after || 60} s.`);
  if (response.status !== 201) throw new Error(problemText(response));
  await saveBaseUrl(address);
  await savePairing({ ...response.body, base: address, verifier });
  await setAlarm(PAIRING_ALARM, Date.now() + POLL_INTERVAL);
  await openTab(response.body.approve_url);
}

/**
 * @param {string} address
 * @throws {Error} if it is not a Paperclipper server with a compatible API version
 */
async function checkServer(address) {
  const { status, body } = await callWithoutToken(address, "GET", "/hello");
  if (status !== 200 || body?.app !== "paperclipper")
    throw new Error(`The server at ${address} is not Paperclipper. Check the address.`);
  if (body.api_version !== 1)
    throw new Error(
      "The server is newer than this extension. Load the extension folder that came with the server.",
    );
}

/**
 * Checks whether the reader has approved the pairing.
 * @returns {Promise<"waiting" | "connected" | "none">}
 * @throws {Error} with a user-facing message if the pairing was refused or expired
 */
export async function pollPairing() {
  const pairing = await loadPairing();
  if (!pairing) return (await loadConnection()) ? "connected" : "none";
  const { status, body } = await callWithoutToken(
    pairing.base,
    "POST",
    `/pairings/${pairing.id}/token`,
    {
      verifier: pairing.verifier,
    },
  );
  if (status === 200) return finishPairing(pairing, body);
  if (status !== 403 && status !== 410 && status !== 404) return keepWaiting();
  await cancelPairing();
  throw new Error(
    status === 403
      ? "The request was refused in the library. Connect again if that was a mistake."
      : "The request expired. Connect again.",
  );
}

/**
 * @param {import("../types.js").Pairing} pairing
 * @param {any} body
 * @returns {Promise<"connected">}
 */
async function finishPairing(pairing, body) {
  await saveConnection({
    base: pairing.base,
    token: body.token,
    instance_id: body.instance_id,
    library: body.library,
  });
  await cancelPairing();
  return "connected";
}

/** @returns {Promise<"waiting">} */
async function keepWaiting() {
  await setAlarm(PAIRING_ALARM, Date.now() + POLL_INTERVAL);
  return "waiting";
}

/** Cancels the pairing in this browser; on the server, it expires. */
export async function cancelPairing() {
  await dropPairing();
  await clearAlarm(PAIRING_ALARM);
}

/** @param {string} verifier @returns {Promise<string>} */
export async function challengeOf(verifier) {
  return base64url(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
  );
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding (RFC 4648, section 5) */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
