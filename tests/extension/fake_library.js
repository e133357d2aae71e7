/** A library over real HTTP for tests of the extension: the part of the API that the extension uses, in memory, and ways to make it fail. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const state = () => ({
  instance: "one",
  wanted: "0.1.0",
  token: "key-1",
  papers: new Map(),
  clips: new Map(),
  notes: new Map(),
  stamp: 0,
  log: [],
  pairing: null,
  verdict: "waiting",
  /** @type {((request: any) => any) | null} may answer in the library's stead: {status, body, headers} or "drop" before or "mute" after the act */
  trouble: null,
});

/** @returns {Promise<any>} a running library; `close()` ends it */
export async function startLibrary() {
  const library = state();
  const server = createServer(async (request, response) => {
    const body = await readJson(request);
    const asked = {
      method: request.method,
      path: request.url.replace("/api/v1", ""),
      headers: request.headers,
      body,
    };
    library.log.push(asked);
    const trouble = await library.trouble?.(asked);
    if (trouble === "drop") return request.socket.destroy();
    const { status, body: answer, headers = {} } = trouble?.status ? trouble : act(library, asked);
    if (trouble === "mute") return request.socket.destroy();
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    return response.end(JSON.stringify(answer));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const base = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
  return Object.assign(library, {
    base,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  });
}

async function readJson(request) {
  let text = "";
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : null;
}

const say = (status, body) => ({ status, body });
const refuse = (status, title, more = {}) =>
  say(status, { type: "about:blank", title, status, ...more });

function act(library, asked) {
  const [, noun, ref = "", verb = "", name = ""] = asked.path.split(/[/?]/).map(decodeURIComponent);
  if (noun === "hello")
    return say(200, {
      app: "paperclipper",
      api_version: 1,
      version: "0.1.0",
      extension_version: library.wanted,
      instance_id: library.instance,
    });
  if (noun === "pairings") return pair(library, asked, ref);
  if (asked.headers.authorization !== `Bearer ${library.token}`) return refuse(401, "Unknown key");
  if (asked.headers["paperclipper-instance"] !== library.instance)
    return refuse(412, "Another library", { type: "/problems/other-instance" });
  if (noun === "clips") return clip(library, asked, ref);
  if (noun === "annotations") return note(library, asked, ref);
  if (noun === "tags") return say(200, { items: [] });
  if (noun === "sightings") return say(200, { stored: asked.body.items.length });
  if (ref === "lookup")
    return say(200, {
      items: asked.body.identifiers.map((identifier) => ({
        identifier,
        paper: find(library, identifier) ?? null,
      })),
    });
  return paper(library, asked, ref, verb, name);
}

function pair(library, { body }, id) {
  if (!id) {
    library.pairing = body;
    const expires_at = new Date(Date.now() + 600_000).toISOString();
    return say(201, {
      id: "p",
      words: ["harbour", "lentil", "seven"],
      instance_id: library.instance,
      expires_at,
      approve_url: `${library.base}/pair/p`,
    });
  }
  if (createHash("sha256").update(body.verifier).digest("base64url") !== library.pairing.challenge)
    return refuse(403, "Wrong verifier");
  if (library.verdict === "waiting") return say(202, { state: "waiting" });
  if (library.verdict !== "allowed") return refuse(Number(library.verdict), "Ended");
  return say(200, {
    token: library.token,
    scopes: ["read", "clip"],
    instance_id: library.instance,
    library: { id: "l", name: "Mine" },
  });
}

const find = (library, ref) =>
  library.papers.get(ref) ?? [...library.papers.values()].find((paper) => paper.id === ref);

function move(library, paper, news) {
  library.stamp += 1;
  return Object.assign(paper, news, { version: `e-${library.stamp}` });
}

function clip(library, { body }, id) {
  if (library.clips.has(id) && library.clips.get(id) !== JSON.stringify(body))
    return refuse(409, "Other content");
  if (!body.paper.title)
    return refuse(422, "Wrong", {
      errors: [{ pointer: "/paper/title", detail: "A paper needs a title." }],
    });
  const key = `arxiv:${body.paper.arxiv_id}`;
  const isNew = !library.clips.has(id);
  const known = find(library, key) ?? {
    id: `paper-${library.papers.size}`,
    status: "unread",
    starred: false,
    tags: [],
    notes: 0,
    highlights: 0,
    page_url: "x",
  };
  library.papers.set(
    key,
    isNew
      ? move(library, known, { deleted_at: null, clipped_at: body.clipped_at, stub: false })
      : known,
  );
  library.clips.set(id, JSON.stringify(body));
  return say(isNew ? 201 : 200, { clip: { id }, paper: known });
}

function note(library, { headers, body }, id) {
  const old = library.notes.get(id);
  if (old?.body === body.body) return say(200, old);
  if (old && !headers["if-match"]) return refuse(428, "Which version?");
  if (old && headers["if-match"] !== `"${old.version}"`)
    return refuse(412, "Changed meanwhile", { current: old });
  if (!find(library, body.paper)) return refuse(404, "No such paper");
  library.notes.set(
    id,
    move(
      library,
      {
        id,
        kind: "note",
        made_in: body.made_in,
        created_at: "2026-01-01",
        deleted_at: null,
        paper: body.paper,
      },
      { body: body.body },
    ),
  );
  return say(old ? 200 : 201, library.notes.get(id));
}

function paper(library, { method, headers, body }, ref, verb, name) {
  const known = find(library, ref);
  if (!known) return refuse(404, "No such paper");
  if (verb === "annotations") return say(200, { items: [...library.notes.values()] });
  if (verb === "tags")
    return say(
      200,
      move(library, known, {
        tags: [...known.tags.filter((tag) => tag !== name), ...(method === "PUT" ? [name] : [])],
      }),
    );
  if (verb === "restore") return say(200, move(library, known, { deleted_at: null }));
  if (method === "DELETE") return say(200, move(library, known, { deleted_at: "2026-01-01" }));
  if (method === "GET") return say(200, { ...known });
  if (headers["if-match"] !== `"${known.version}"`)
    return refuse(412, "Changed meanwhile", { current: { ...known } });
  return say(200, move(library, known, body));
}
