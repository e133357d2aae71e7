/**
 * The only module that makes HTTP requests. It adds the token and the library's id to each request
 * and parses the response. Callers interpret the result.
 */

/**
 * Request timeout in ms. A local server normally responds within milliseconds, and a server that
 * hangs must not block the outbox.
 */
const TIMEOUT = 10_000;

/**
 * @typedef {{ status: number, body: any, retry_after: number }} ApiResponse  `body` is null unless
 *   it is valid JSON; `retry_after` is in seconds
 */

/**
 * @typedef {{ body?: unknown, if_match?: string, instance?: string }} RequestOptions
 *   `instance` is the target library; defaults to the connected library
 */

/** Thrown if the server does not respond. */
export class ServerUnreachable extends Error {}

/**
 * @param {import("../types.js").Connection} connection
 * @param {string} method
 * @param {string} path  under /api/v1
 * @param {RequestOptions} [options]
 * @returns {Promise<ApiResponse>}
 * @throws {ServerUnreachable}
 */
export function callApi(connection, method, path, { body, if_match, instance } = {}) {
  /** @type {Record<string, string>} */
  const headers = {
    Authorization: `Bearer ${connection.token}`,
    "Paperclipper-Instance": instance || connection.instance_id,
  };
  if (if_match) headers["If-Match"] = `"${if_match}"`;
  return fetchJson(connection.base, method, path, headers, body);
}

/**
 * Makes an unauthenticated request, used for `/hello` and pairing.
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<ApiResponse>}
 * @throws {ServerUnreachable}
 */
export const callWithoutToken = (base, method, path, body) =>
  fetchJson(base, method, path, {}, body);

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {unknown} body
 * @returns {Promise<ApiResponse>}
 */
async function fetchJson(base, method, path, headers, body) {
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return {
      status: response.status,
      body: parseJson(await response.text()),
      retry_after: Number(response.headers.get("Retry-After")) || 0,
    };
  } catch (error) {
    throw new ServerUnreachable(
      `The server at ${base} is not responding. Start it, then try again.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * @param {string} url of a JSON file in this extension
 * @returns {Promise<any>} null if it cannot be read
 */
export const readExtensionFile = (url) =>
  fetch(url, { cache: "no-store" })
    .then((response) => response.json())
    .catch(() => null);

/** @param {string} text @returns {any} */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {ApiResponse} response @returns {string} the server's error message, to be displayed */
export function problemText({ status, body }) {
  const [first] = body?.errors ?? [];
  if (first) return `${first.detail} (${first.pointer})`;
  return body?.detail || body?.title || `The server responded with status ${status}.`;
}

/** @param {string} ref a paper's id or identifier @returns {string} */
export const paperPath = (ref) => `/papers/${encodeURIComponent(ref).replaceAll("%3A", ":")}`;
