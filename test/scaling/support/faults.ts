import { ensureSupervisor } from "../../../src/drivers/process/client.ts";
import { until } from "../../support/sandbox.ts";
import { json, samples, silence } from "./http-source.ts";
import { apiServer, type Rig } from "./rig.ts";

/** Which source of the rig says what the agent needs. */
export type Subject = "queue" | "stream" | "prometheus" | "document" | "load" | "supervisor" | "api server";

export interface Fault {
  readonly name: string;
  readonly of: Subject;
  readonly begin: (rig: Rig) => unknown;
  /** Default: the rig is reset. */
  readonly end?: (rig: Rig) => unknown;
  /** What the signal says, or that the count of instances is not known. */
  readonly says: RegExp;
}

const stream = "c-1:writer:jobs";

export async function redisPid({ client }: Rig): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await client.info("server"))?.[1]);
}

let stopped = 0;
function loading(rig: Rig) {
  return rig.client.info("persistence").then((info) => info.includes("loading:1"));
}

export const faults: readonly Fault[] = [
  {
    ...{ name: "Redis is gone", of: "queue", says: /connection refused|ECONNREFUSED/ },
    begin: ({ proxy }) => proxy.close(),
    end: ({ proxy }) => proxy.open(),
  },
  {
    ...{ name: "Redis is stopped (SIGSTOP)", of: "queue", says: /no answer within 1 s/ },
    begin: async (rig) => {
      stopped = await redisPid(rig);
      process.kill(stopped, "SIGSTOP");
    },
    end: () => process.kill(stopped, "SIGCONT"),
  },
  {
    ...{ name: "Redis is slow", of: "queue", says: /no answer within 1 s/ },
    begin: ({ proxy }) => (proxy.fault = "slow"),
    end: ({ proxy }) => (proxy.fault = "pass"),
  },
  {
    ...{ name: "the connection is half closed", of: "queue", says: /Socket closed|no answer within/ },
    begin: ({ proxy }) => (proxy.fault = "half-closed"),
    end: ({ proxy }) => (proxy.fault = "pass"),
  },
  {
    ...{
      name: "the connection is reset in the middle of an answer",
      of: "queue",
      says: /Socket closed|ECONNRESET|no answer within/,
    },
    begin: ({ proxy }) => (proxy.fault = "partial"),
    end: ({ proxy }) => (proxy.fault = "pass"),
  },
  {
    ...{ name: "the password is wrong", of: "queue", says: /WRONGPASS/ },
    begin: async ({ client, proxy }) => {
      await client.configSet("requirepass", "changed");
      proxy.cut();
    },
    end: ({ client }) => client.configSet("requirepass", "right"),
  },
  {
    ...{ name: "scripts are not permitted", of: "queue", says: /NOPERM/ },
    begin: ({ client }) => client.aclSetUser("default", ["-eval", "-evalsha"]),
    end: ({ client }) => client.aclSetUser("default", "+@all"),
  },
  {
    ...{ name: "Redis has too many clients", of: "queue", says: /max number of clients/ },
    begin: async ({ client, proxy }) => {
      proxy.cut();
      await client.configSet("maxclients", "1");
    },
    end: ({ client }) => client.configSet("maxclients", "1000"),
  },
  {
    ...{ name: "the key of the stream has another type", of: "queue", says: /WRONGTYPE/ },
    begin: async ({ client }) => {
      await client.rename(stream, "kept");
      await client.set(stream, "text");
    },
    end: ({ client }) => client.rename("kept", stream),
  },
  {
    ...{ name: "Redis loads its data (LOADING)", of: "queue", says: /LOADING/ },
    begin: async (rig) => {
      const { client } = rig;
      await Promise.all(Array.from({ length: 4_000 }, (_, n) => client.set(`filler:${n}`, "x".repeat(1_100))));
      await client.configSet({ "key-load-delay": "3000", "loading-process-events-interval-bytes": "1024" });
      await rig.beside((other) => other.sendCommand(["DEBUG", "RELOAD"]));
      await until("it loads", () => loading(rig));
    },
    end: async (rig) => {
      await rig.client.configSet("key-load-delay", "0");
      await until("it has loaded", async () => !(await loading(rig)));
    },
  },
  {
    ...{ name: "a script of another client holds Redis (BUSY)", of: "queue", says: /BUSY/ },
    begin: async (rig) => {
      await rig.client.configSet("busy-reply-threshold", "20");
      await rig.beside((other) => other.eval("while true do end"));
      await until("it is busy", () =>
        rig.client.ping().then(
          () => false,
          () => true,
        ),
      );
    },
    end: async ({ client }) => {
      await client.sendCommand(["SCRIPT", "KILL"]);
      await until("it answers", () => client.ping().catch(() => false as const));
    },
  },
  {
    ...{ name: "Redis has lost its data", of: "queue", says: /was there, and is gone/ },
    begin: ({ client }) => client.flushAll(),
  },
  {
    ...{ name: "there is no such stream", of: "stream", says: /there is no stream orders/ },
    begin: ({ client }) => client.del("orders"),
  },
  {
    ...{ name: "the stream has no such group", of: "stream", says: /has no group billing/ },
    begin: ({ client }) => client.xGroupDestroy("orders", "billing"),
  },
  {
    ...{ name: "the lag of the group is NULL", of: "stream", says: /not known to the server/ },
    begin: async ({ client }) => {
      await client.xReadGroup("billing", "b", { key: "orders", id: ">" }, { COUNT: 1 });
      const [, second] = (await client.xRange("orders", "-", "+")) ?? [];
      await client.xDel("orders", second?.id ?? "");
    },
  },
  {
    ...{ name: "the lag of the group is negative", of: "stream", says: /lag of group billing of orders is -/ },
    begin: ({ client }) => client.sendCommand(["XGROUP", "SETID", "orders", "billing", "0", "ENTRIESREAD", "1000"]),
  },
  {
    ...{ name: "the key has another type", of: "stream", says: /WRONGTYPE/ },
    begin: async ({ client }) => {
      await client.del("orders");
      await client.set("orders", "3");
    },
  },
  {
    ...{ name: "HTTP 500", of: "prometheus", says: /HTTP 500/ },
    begin: ({ prometheus }) => (prometheus.answer = json({}, 500)),
  },
  {
    ...{ name: "an empty vector", of: "prometheus", says: /no result/ },
    begin: ({ prometheus }) => (prometheus.answer = samples([])),
  },
  {
    ...{ name: "NaN", of: "prometheus", says: /is NaN/ },
    begin: ({ prometheus }) => (prometheus.answer = samples(["NaN"])),
  },
  {
    ...{ name: "several samples", of: "prometheus", says: /2 results/ },
    begin: ({ prometheus }) => (prometheus.answer = samples(["1", "0"])),
  },
  {
    ...{ name: "a partial answer", of: "prometheus", says: /partial: store-2/ },
    begin: ({ prometheus }) => (prometheus.answer = samples(["0"], { more: { warnings: ["store-2 is down"] } })),
  },
  {
    ...{ name: "an old timestamp", of: "prometheus", says: /0, \d+ s old/ },
    begin: ({ prometheus }) => (prometheus.answer = samples(["0"], { ageSeconds: 900 })),
  },
  {
    ...{ name: "a clock that is ahead", of: "prometheus", says: /ahead of this clock/ },
    begin: ({ prometheus }) => (prometheus.answer = samples(["0"], { ageSeconds: -900 })),
  },
  {
    ...{ name: "the query takes too long", of: "prometheus", says: /the query failed: timeout/ },
    begin: ({ prometheus }) => (prometheus.answer = json({ status: "error", errorType: "timeout", error: "timeout" })),
  },
  {
    ...{ name: "no answer", of: "prometheus", says: /no answer within 1 s/ },
    begin: ({ prometheus }) => (prometheus.answer = silence),
  },
  {
    ...{ name: "nothing at the pointer", of: "document", says: /nothing at \/depth/ },
    begin: ({ document }) => (document.answer = json({})),
  },
  {
    ...{ name: "null", of: "document", says: /is null/ },
    begin: ({ document }) => (document.answer = json({ depth: null })),
  },
  {
    ...{ name: "a negative number", of: "document", says: /is -1/ },
    begin: ({ document }) => (document.answer = json({ depth: -1 })),
  },
  {
    ...{ name: "an answer of a cache, an hour old", of: "document", says: /0, 3600 s old/ },
    begin: ({ document }) => (document.answer = json({ depth: 0 }, 200, { age: "3600" })),
  },
  {
    ...{ name: "half an answer", of: "document", says: /terminated|closed/ },
    begin: ({ document }) => {
      document.answer = (_request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"depth": 0', () => response.destroy());
      };
    },
  },
  {
    ...{ name: "HTTP 401", of: "document", says: /HTTP 401/ },
    begin: ({ document }) => (document.answer = json({ depth: 0 }, 401)),
  },
  {
    ...{ name: "a redirect to a login", of: "document", says: /redirect/ },
    begin: ({ document }) => (document.answer = json({}, 302, { location: "/login" })),
  },
  {
    ...{ name: "a page instead of JSON", of: "document", says: /no JSON/ },
    begin: ({ document }) => (document.answer = (_request, response) => response.end("<html>0</html>")),
  },
  {
    ...{ name: "the metrics API is gone", of: "load", says: /none of 3 instances is measured/ },
    begin: ({ apiServer: server }) => {
      const { answer } = server;
      server.answer = (request, response) =>
        request.url?.includes("metrics.k8s.io") ? json({}, 503)(request, response) : answer(request, response);
    },
  },
  {
    ...{ name: "one pod has no metrics", of: "load", says: /0, 0 s old/ },
    begin: ({ apiServer: server }) => (server.answer = apiServer({ cpu: ["0", "0"] })),
  },
  {
    ...{ name: "the metrics are old", of: "load", says: /0, 900 s old/ },
    begin: ({ apiServer: server }) => (server.answer = apiServer({ cpu: ["0", "0", "0"], ageSeconds: 900 })),
  },
  {
    ...{
      name: "the API server has too much to do (429)",
      of: "api server",
      says: /instances of writer run is not known/,
    },
    begin: ({ apiServer: server }) => (server.answer = json({ message: "slow down" }, 429, { "retry-after": "1" })),
  },
  {
    ...{ name: "the supervisor is stopped (SIGSTOP)", of: "supervisor", says: /instances of writer run is not known/ },
    begin: async (rig) => {
      stopped = await rig.pid();
      process.kill(stopped, "SIGSTOP");
    },
    end: () => process.kill(stopped, "SIGCONT"),
  },
  {
    ...{ name: "the supervisor is killed", of: "supervisor", says: /instances of writer run is not known/ },
    begin: async (rig) => process.kill(await rig.pid(), "SIGKILL"),
    end: ({ site }) => ensureSupervisor(site),
  },
];
