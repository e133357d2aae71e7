/** A library for tests: the part of the API that the extension uses, over HTTP, in memory. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const initialState = () => ({
  instance: "one",
  extensionVersion: "0.1.0",
  token: "key-1",
  papers: new Map(),
  clips: new Map(),
  notes: new Map(),
  stamp: 0,
  log: [],
  pairing: null,
  verdict: "waiting",
  /**
   * May answer in the library's place: with a response, with "drop" to close the connection before
   * the request is handled, or with "mute" to close it afterwards.
   * @type {((request: any) => any) | null}
   */
  trouble: null,
});

/** @returns {Promise<any>} a running library; `close()` stops it */
export async function startLibrary() {
  const library = initialState();
  const server = createServer((request, response) => handle(library, request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const base = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
  const close = () =>
    new Promise((done) => {
      server.closeAllConnections();
      server.close(done);
    });
  return Object.assign(library, { base, close });
}

async function handle(library, incoming, outgoing) {
  const { method, headers } = incoming;
  const path = incoming.url.replace("/api/v1", "");
  const request = { method, path, headers, body: await readJson(incoming) };
  library.log.push(request);
  const trouble = await library.trouble?.(request);
  if (trouble === "drop") return incoming.socket.destroy();
  const response = trouble?.status ? trouble : respond(library, request);
  if (trouble === "mute") return incoming.socket.destroy();
  outgoing.writeHead(response.status, { "Content-Type": "application/json", ...response.headers });
  return outgoing.end(JSON.stringify(response.body));
}

async function readJson(incoming) {
  let text = "";
  for await (const part of incoming) text += part;
  return text ? JSON.parse(text) : null;
}

const json = (status, body) => ({ status, body, headers: {} });
const problem = (status, title, more = {}) =>
  json(status, { type: "about:blank", title, status, ...more });

function respond(library, request) {
  const [, noun, ref = ""] = request.path.split(/[/?]/).map(decodeURIComponent);
  if (noun === "hello") return hello(library);
  if (noun === "pairings") return pair(library, request, ref);
  if (request.headers.authorization !== `Bearer ${library.token}`)
    return problem(401, "Unknown token");
  if (request.headers["paperclipper-instance"] !== library.instance)
    return problem(412, "Another library", { type: "/problems/other-instance" });
  return RESOURCES[noun](library, request, ref);
}

const RESOURCES = {
  clips: putClip,
  annotations: putNote,
  tags: () => json(200, { items: [] }),
  sightings: (_, { body }) => json(200, { stored: body.items.length }),
  papers: (library, request, ref) =>
    ref === "lookup" ? lookUp(library, request) : handlePaper(library, request),
};

const hello = (library) =>
  json(200, {
    app: "paperclipper",
    api_version: 1,
    version: "0.1.0",
    extension_version: library.extensionVersion,
    instance_id: library.instance,
  });

function pair(library, { body }, id) {
  if (!id) return startPairing(library, body);
  const challenge = createHash("sha256").update(body.verifier).digest("base64url");
  if (challenge !== library.pairing.challenge) return problem(403, "Wrong verifier");
  if (library.verdict === "waiting") return json(202, { state: "waiting" });
  if (library.verdict !== "allowed") return problem(Number(library.verdict), "Ended");
  return json(200, {
    token: library.token,
    scopes: ["read", "clip"],
    instance_id: library.instance,
    library: { id: "l", name: "Mine" },
  });
}

function startPairing(library, body) {
  library.pairing = body;
  return json(201, {
    id: "p",
    words: ["harbour", "lentil", "seven"],
    instance_id: library.instance,
    expires_at: new Date(Date.now() + 600_000).toISOString(),
    approve_url: `${library.base}/pair/p`,
  });
}

const lookUp = (library, { body }) =>
  json(200, {
    items: body.identifiers.map((identifier) => ({
      identifier,
      paper: find(library, identifier) ?? null,
    })),
  });

const find = (library, ref) =>
  library.papers.get(ref) ?? [...library.papers.values()].find((paper) => paper.id === ref);

function update(library, item, changes) {
  library.stamp += 1;
  return Object.assign(item, changes, { version: `e-${library.stamp}` });
}

function putClip(library, { body }, id) {
  const earlier = library.clips.get(id);
  if (earlier && earlier !== JSON.stringify(body)) return problem(409, "Other content");
  if (!body.paper.title)
    return problem(422, "Wrong", {
      errors: [{ pointer: "/paper/title", detail: "A paper needs a title." }],
    });
  const key = `arxiv:${body.paper.arxiv_id}`;
  const paper = find(library, key) ?? newPaper(library);
  if (!earlier)
    update(library, paper, { deleted_at: null, clipped_at: body.clipped_at, stub: false });
  library.papers.set(key, paper);
  library.clips.set(id, JSON.stringify(body));
  return json(earlier ? 200 : 201, { clip: { id }, paper });
}

const newPaper = (library) => ({
  id: `paper-${library.papers.size}`,
  status: "unread",
  starred: false,
  tags: [],
  notes: 0,
  highlights: 0,
  page_url: "x",
});

function putNote(library, { headers, body }, id) {
  const old = library.notes.get(id);
  if (old?.body === body.body) return json(200, old);
  if (old && !headers["if-match"]) return problem(428, "Which version?");
  if (old && headers["if-match"] !== `"${old.version}"`)
    return problem(412, "Edit conflict", { current: old });
  if (!find(library, body.paper)) return problem(404, "No such paper");
  const { made_in, paper } = body;
  const note = { id, kind: "note", made_in, created_at: "2026-01-01", deleted_at: null, paper };
  library.notes.set(id, update(library, note, { body: body.body }));
  return json(old ? 200 : 201, library.notes.get(id));
}

function handlePaper(library, { method, path, headers, body }) {
  const [, , ref, part, name] = path.split("/").map(decodeURIComponent);
  const paper = find(library, ref);
  if (!paper) return problem(404, "No such paper");
  if (part === "annotations") return json(200, { items: [...library.notes.values()] });
  if (part === "tags") return json(200, setTag(library, paper, name, method === "PUT"));
  if (part === "restore") return json(200, update(library, paper, { deleted_at: null }));
  if (method === "DELETE") return json(200, update(library, paper, { deleted_at: "2026-01-01" }));
  if (method === "GET") return json(200, { ...paper });
  if (headers["if-match"] !== `"${paper.version}"`)
    return problem(412, "Edit conflict", { current: { ...paper } });
  return json(200, update(library, paper, body));
}

function setTag(library, paper, name, isOn) {
  const others = paper.tags.filter((tag) => tag !== name);
  return update(library, paper, { tags: isOn ? [...others, name] : others });
}
