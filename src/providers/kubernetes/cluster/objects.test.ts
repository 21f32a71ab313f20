import { expect, test } from "vitest";
import type { Api, ApiRequest } from "../../../control-plane/api.ts";
import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import type { KubeObject } from "../object.ts";
import { openDiscovery } from "./discovery.ts";
import { openObjects } from "./objects.ts";

type Answer = (request: ApiRequest) => object | undefined | Promise<object>;

const kinds = [
  { name: "configmaps", kind: "ConfigMap", namespaced: true },
  { name: "secrets", kind: "Secret", namespaced: true },
  { name: "namespaces", kind: "Namespace", namespaced: false },
];

const reference = (name: string, kind = "ConfigMap", namespace: string | undefined = "team") => ({
  ...{ group: "", version: "v1", kind, namespace, name },
});
const object = (name: string, more: object = {}): KubeObject => ({ metadata: { name, namespace: "team" }, ...more });
const { signal } = new AbortController();

/** The plugin's requests to a server that has some objects; an answer of the test comes first. */
function setting(names: readonly string[], answer: Answer = () => undefined) {
  const world = { ms: 0, requests: [] as string[], has: new Map(names.map((name) => [name, object(name)])) };
  const api: Api = {
    async request(request) {
      if (request.path === "/api/v1") return { body: { resources: kinds }, warnings: [] };
      const { path, method, query = {} } = request;
      const parameters = Object.entries(query).filter(([, value]) => value !== undefined);
      world.requests.push(
        `${method} ${path.slice("/api/v1".length)} ${new URLSearchParams(parameters as never)}`.trim(),
      );
      const own = await answer(request);
      if (own !== undefined) return { body: own, warnings: [] };
      const [, name] = /\/(?:configmaps|secrets|namespaces)\/([^/]+)$/.exec(path) ?? [];
      if (method === "POST") world.has.set("new", object("new"));
      if (method === "GET" && name === undefined) return { body: { items: [...world.has.values()] }, warnings: [] };
      const found = world.has.get(name ?? "new");
      if (found === undefined) throw new ApiFailure(404, { message: "not found", reason: "NotFound" });
      return { body: found, warnings: [] };
    },
    stream: async () => {
      throw new Error("nothing is streamed");
    },
  };
  const objects = openObjects(api, openDiscovery(api), () => world.ms);
  const read = (name: string, kind?: string, namespace?: string) =>
    objects.getListed(reference(name, kind, namespace), signal);
  return { world, objects, read };
}

const listing = "GET /namespaces/team/configmaps limit=500";
const getting = (name: string) => `GET /namespaces/team/configmaps/${name}`;

test("one object is asked for; those that follow, by one list of their namespace in its newest state", async () => {
  const { world, read } = setting(["a", "b", "c", "d"]);
  await read("a");
  const [b] = await Promise.all([read("b"), read("c"), read("d")]);
  expect(world.requests).toEqual([getting("a"), listing]);
  expect(b).toEqual({ apiVersion: "v1", kind: "ConfigMap", ...object("b") });
});

test("each namespace and kind has its own list; one of the cluster has none in its path", async () => {
  const { world, read } = setting(["a", "b"]);
  await read("a");
  await read("b", "ConfigMap", "other");
  await read("a", "Namespace");
  await read("b", "Namespace");
  expect(world.requests).toEqual([
    getting("a"),
    "GET /namespaces/other/configmaps/b",
    "GET /namespaces/a",
    "GET /namespaces limit=500",
  ]);
});

test("what a list does not have is asked for: it may be there, or gone", async () => {
  const { world, read } = setting(["a", "b"], ({ path, query }) =>
    path.endsWith("/configmaps") && query !== undefined ? { items: [object("b")] } : undefined,
  );
  world.has.set("late", object("late"));
  await read("a");
  expect(await read("late")).toEqual(object("late"));
  await expect(read("gone")).rejects.toMatchObject({ status: 404 });
  expect(world.requests).toEqual([getting("a"), listing, getting("late"), getting("gone")]);
});

test("a list that is refused is not tried again: each object is asked for", async () => {
  const { world, read } = setting(["a", "b", "c"], ({ path }) => {
    if (path.endsWith("/configmaps")) throw new ApiFailure(403, { message: "forbidden", reason: "Forbidden" });
    return undefined;
  });
  for (const name of ["a", "b", "c"]) expect(await read(name)).toEqual(object(name));
  world.ms += 60_000;
  for (const name of ["a", "b"]) expect(await read(name)).toEqual(object(name));
  expect(world.requests).toEqual([getting("a"), listing, ...["b", "c", "a", "b"].map(getting)]);
});

test("a list that fails otherwise is none; no answer at all is an error", async () => {
  let failure: Error = new ApiFailure(500, "internal");
  const { world, read } = setting(["a", "b", "c"], ({ path }) => {
    if (path.endsWith("/configmaps")) throw failure;
    return undefined;
  });
  await read("a");
  expect(await read("b")).toEqual(object("b"));
  world.ms += 60_000;
  failure = new Unreachable("Get x", "unreachable");
  await read("a");
  await expect(read("b")).rejects.toThrow("unreachable");
});

test("Secrets are never listed", async () => {
  const { world, read } = setting(["a", "b", "c"]);
  for (const name of ["a", "b", "c"]) await read(name, "Secret");
  expect(world.requests).toEqual(["a", "b", "c"].map((name) => `GET /namespaces/team/secrets/${name}`));
});

test("a list of many is read in pages; one that ends in the middle is used as far as it came", async () => {
  const { world, read } = setting(["a", "b", "c"], ({ path, query }) => {
    if (!path.endsWith("/configmaps")) return undefined;
    if (query?.continue === undefined) return { metadata: { continue: "2" }, items: [object("b")] };
    if (query.continue === "2") return { metadata: { continue: "3" }, items: [object("x")] };
    throw new ApiFailure(410, { message: "too old", reason: "Expired" });
  });
  for (const name of ["a", "b", "x", "c"]) await read(name);
  expect(world.requests).toEqual([
    getting("a"),
    listing,
    `${listing}&continue=2`,
    `${listing}&continue=3`,
    getting("c"),
  ]);
});

test("a list is left after 20 pages: the rest is asked for", async () => {
  const { world, read } = setting(["a", "b"], ({ path }) =>
    path.endsWith("/configmaps") ? { metadata: { continue: "on" }, items: [] } : undefined,
  );
  await read("a");
  await read("b");
  expect(world.requests.length).toBe(22);
});

const changed = (resourceVersion: string) => ({ metadata: { name: "b", namespace: "team", resourceVersion } });

test.each<[string, (objects: ReturnType<typeof setting>["objects"]) => Promise<unknown>]>([
  ["patch", (objects) => objects.mergePatch(reference("b"), {})],
  ["apply", (objects) => objects.apply(reference("b"), object("b"), { manager: "m", dryRun: false, force: false })],
  ["create", (objects) => objects.create(reference("b"), object("b"), { manager: "m", dryRun: false })],
  ["delete", (objects) => objects.delete(reference("b"), undefined, "Foreground")],
  ["look", (objects) => objects.get(reference("b"), signal)],
])("an own %s takes the entry out of the list, also of one that is on its way", async (_what, act) => {
  const { world, objects, read } = setting(["a", "b", "c"]);
  await read("a");
  await read("c");
  world.has.set("b", changed("2"));
  world.has.set("new", changed("2"));
  await act(objects);
  world.requests.length = 0;
  expect(await read("b")).toEqual(changed("2"));
  expect(world.requests).toEqual([getting("b")]);
  world.ms += 10_001;
  await read("a");
  const onItsWay = read("b");
  await act(objects);
  await onItsWay;
  expect(world.requests.filter((request) => request === getting("b")).length).toBeGreaterThanOrEqual(2);
});

test("a dry run takes nothing out; an entry serves once, and a list for ten seconds", async () => {
  const { world, objects, read } = setting(["a", "b", "c"]);
  await read("a");
  await objects.apply(reference("b"), object("b"), { manager: "m", dryRun: true, force: false });
  await read("b");
  await read("b");
  world.ms += 9_000;
  await read("c");
  world.ms += 9_000;
  await read("c");
  world.ms += 10_001;
  await read("b");
  expect(world.requests.filter((request) => request.startsWith("GET"))).toEqual([
    getting("a"),
    listing,
    getting("b"),
    listing,
    getting("b"),
  ]);
});

test("a read that is cancelled does not wait for the list of the others", async () => {
  let answer: (body: object) => void = () => {};
  const { world, objects } = setting(["a", "b", "c"], ({ path }) =>
    path.endsWith("/configmaps") ? new Promise<object>((resolve) => (answer = resolve)) : undefined,
  );
  await objects.getListed(reference("a"), signal);
  const abort = new AbortController();
  const [cancelled, other] = [abort.signal, signal].map((each) => objects.getListed(reference("b"), each));
  setImmediate(() => abort.abort(new Error("cancelled")));
  await expect(cancelled).rejects.toThrow("cancelled");
  answer({ items: [...world.has.values()] });
  expect(await other).toMatchObject(object("b"));
});
