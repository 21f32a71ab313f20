import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openApi } from "./api.ts";
import { openConnection } from "./connection.ts";
import { listAll } from "./list.ts";
import { type WatchEvent, watchObjects } from "./watch.ts";

/** A server on loopback, and requests to it with the token of a kubeconfig. */
async function serve(answer: http.RequestListener) {
  const server = http.createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server: `http://127.0.0.1:${port}/prefix/` } }],
    users: [{ name: "a", user: { token: "t" } }],
  };
  return { server, api: openApi(await openConnection(config, {})) };
}

const json = (reply: http.ServerResponse, body: unknown, status = 200) => {
  reply.writeHead(status, { "content-type": "application/json" });
  reply.end(JSON.stringify(body));
};

async function changes(watch: AsyncIterable<WatchEvent>): Promise<readonly WatchEvent[]> {
  const seen: WatchEvent[] = [];
  for await (const event of watch) seen.push(event);
  return seen;
}

test("a request goes below the server's path, with the token, and its warnings are read", async () => {
  const { api } = await serve(async (request, reply) => {
    reply.setHeader("warning", ['299 - "unknown field \\"spec.x\\""', '299 - "old"']);
    json(reply, { url: request.url, authorization: request.headers.authorization, sent: await text(request) });
  });
  const reply = await api.request({ method: "POST", path: "/a", query: { b: "1", c: undefined }, body: { d: 1 } });
  expect(reply.body).toEqual({ url: "/prefix/a?b=1", authorization: "Bearer t", sent: '{"d":1}' });
  expect(reply.warnings).toEqual(['unknown field "spec.x"', "old"]);
});

test("a refusal has the server's words; 503 with Retry-After is asked again", async () => {
  let asked = 0;
  const { api } = await serve((_request, reply) => {
    asked += 1;
    if (asked === 1) reply.writeHead(503, { "retry-after": "0" }).end();
    else json(reply, { kind: "Status", message: "not for you", reason: "Forbidden" }, 403);
  });
  await expect(api.request({ method: "GET", path: "/" })).rejects.toMatchObject({
    ...{ name: "ApiFailure", status: 403, message: "not for you", reason: "Forbidden" },
  });
  expect(asked).toBe(2);
});

test("no answer is SW612 with the URL", async () => {
  const { server, api } = await serve((request) => request.destroy());
  await expect(api.request({ method: "GET", path: "/a" })).rejects.toMatchObject({ code: "SW612" });
  server.closeAllConnections();
  server.close();
  await expect(api.stream({ path: "/a" })).rejects.toThrow(
    /the control plane http:\S+ does not answer: Get "http:\S+a"/,
  );
});

test("a list is read in pages, from the newest state", async () => {
  const { api } = await serve(({ url = "" }, reply) => {
    const query = new URL(url, "http://x").searchParams;
    expect(query.get("resourceVersion")).toBeNull();
    const first = query.get("continue") === null;
    const metadata = { resourceVersion: "7", ...(first ? { continue: "next" } : {}) };
    json(reply, { metadata, items: [{ name: first ? "a" : "b", limit: query.get("limit") }] });
  });
  expect(await listAll(api, { path: "/pods" })).toEqual({
    items: [
      { name: "a", limit: "500" },
      { name: "b", limit: "500" },
    ],
    resourceVersion: "7",
  });
});

test("a watch yields changes, also those that arrive in pieces, until the server ends it", async () => {
  const { api } = await serve((_request, reply) => {
    const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
    reply.write(line("ADDED", { a: 1 }).slice(0, 9));
    setImmediate(() => {
      reply.write(line("ADDED", { a: 1 }).slice(9) + line("BOOKMARK", {}));
      reply.end(line("DELETED", { a: 2 }));
    });
  });
  const { signal } = new AbortController();
  const seen = await changes(watchObjects(api, { path: "/pods", resourceVersion: "1", signal }));
  expect(seen).toEqual([
    { type: "ADDED", object: { a: 1 } },
    { type: "DELETED", object: { a: 2 } },
  ]);
});

test("a watch fails where it is refused, where its version is too old, and when it is aborted", async () => {
  const abort = new AbortController();
  const { api } = await serve(({ url = "" }, reply) => {
    if (url.includes("/forbidden")) json(reply, { message: "no" }, 403);
    else if (url.includes("/old")) reply.end(`${JSON.stringify({ type: "ERROR", object: { code: 410 } })}\n`);
    else reply.writeHead(200).flushHeaders();
  });
  const watch = (path: string) =>
    changes(watchObjects(api, { path, resourceVersion: undefined, signal: abort.signal }));
  await expect(watch("/forbidden")).rejects.toMatchObject({ status: 403 });
  await expect(watch("/old")).rejects.toMatchObject({ status: 410 });
  const silent = watch("/silent");
  setImmediate(() => abort.abort());
  await expect(silent).rejects.toThrow();
});
