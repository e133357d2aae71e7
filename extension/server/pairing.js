/**
 * Connecting to a library without typing a secret: we prove at the end that we are who asked at the beginning (RFC 7636, S256), the reader
 * compares three words. Its state lies in storage, so that it goes on when the worker was put to sleep meanwhile.
 */
import { browserName, clearAlarm, openTab, setAlarm } from "../browser.js";
import { openCall, refusal } from "./client.js";
import {
  base,
  connection,
  dropPairing,
  keepBase,
  keepConnection,
  keepPairing,
  pairing,
} from "./connection.js";

export const ALARM = "pairing";
const PAUSE = 30_000;

/** @returns {Promise<import("../types.js").ConnectionView>} */
export async function connectionView() {
  const [made, begun, address] = await Promise.all([connection(), pairing(), base()]);
  const state = begun ? "waiting" : made ? "connected" : "none";
  return {
    state,
    base: begun?.base ?? made?.base ?? address,
    words: begun?.words ?? [],
    approve_url: begun?.approve_url ?? "",
    expires_at: begun?.expires_at ?? "",
    library: made?.library.name ?? "",
  };
}

/**
 * Asks the server at `address` for a pairing and opens its page.
 * @param {string} address as `checkBase` gives it
 * @throws {Error} with words for the reader
 */
export async function beginPairing(address) {
  await greet(address);
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const asked = await openCall(address, "POST", "/pairings", {
    client_name: browserName(),
    challenge: await challengeOf(verifier),
  });
  if (asked.status === 429)
    throw new Error(`Too many requests to connect. Try again in ${asked.retry_after || 60} s.`);
  if (asked.status !== 201) throw new Error(refusal(asked));
  await keepBase(address);
  await keepPairing({ ...asked.body, base: address, verifier });
  await setAlarm(ALARM, Date.now() + PAUSE);
  await openTab(asked.body.approve_url);
}

/** @param {string} address @throws {Error} where no library answers */
async function greet(address) {
  const { status, body } = await openCall(address, "GET", "/hello");
  if (status !== 200 || body?.app !== "paperclipper")
    throw new Error(`Something answers at ${address}, but it is not Paperclipper.`);
  if (body.api_version !== 1)
    throw new Error(
      "This library is newer than this extension. Load the extension folder that came with it.",
    );
}

/**
 * Asks whether the reader has answered.
 * @returns {Promise<"waiting" | "connected" | "none">}
 * @throws {Error} with words for the reader, once the pairing has ended without a key
 */
export async function pollPairing() {
  const begun = await pairing();
  if (!begun) return (await connection()) ? "connected" : "none";
  const { status, body } = await openCall(begun.base, "POST", `/pairings/${begun.id}/token`, {
    verifier: begun.verifier,
  });
  if (status === 200) return finish(begun, body);
  if (status !== 403 && status !== 410 && status !== 404) return later();
  await endPairing();
  throw new Error(
    status === 403
      ? "The library refused. Begin again if that was a mistake."
      : "Nobody answered in time. Begin again.",
  );
}

/** @param {import("../types.js").Pairing} begun @param {any} body @returns {Promise<"connected">} */
async function finish(begun, body) {
  await keepConnection({
    base: begun.base,
    token: body.token,
    instance_id: body.instance_id,
    library: body.library,
  });
  await endPairing();
  return "connected";
}

/** @returns {Promise<"waiting">} */
async function later() {
  await setAlarm(ALARM, Date.now() + PAUSE);
  return "waiting";
}

/** Forgets the pairing being made; on the server it ends by itself. */
export async function endPairing() {
  await dropPairing();
  await clearAlarm(ALARM);
}

/** @param {string} verifier @returns {Promise<string>} */
export async function challengeOf(verifier) {
  return base64url(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
  );
}

/** @param {Uint8Array} bytes @returns {string} RFC 4648 section 5, without padding */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
