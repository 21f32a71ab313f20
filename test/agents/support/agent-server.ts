import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditEntry } from "../../../src/agent-api/audit.ts";
import { type ServerLimits, serverLimits } from "../../../src/agent-api/http/limits.ts";
import { folderAudit } from "../../../src/agent-api/refusals.ts";
import { type AgentServer, createAgentServer } from "../../../src/agent-api/server/server.ts";
import { tokenMembership } from "../../../src/agent-api/server/token-membership.ts";
import { tokenIssuer } from "../../../src/agent-api/token-issuer.ts";
import type { Clock } from "../../../src/platform/clock.ts";
import { openStore } from "../../../src/store/store.ts";
import type { TaskQueue } from "../../../src/tasks/queue.ts";
import { StoreQueue } from "../../../src/tasks/store/queue.ts";

type OnFinished = (clean: () => Promise<void>) => void;

export const cluster = "c-1";
export const secret = "a secret of at least 32 bytes, for tests";
const served = {
  ...{ cluster: "team", uid: cluster, resource: "team", counts: { writer: 4, lead: 2 } },
  agents: [
    {
      key: "writer",
      resource: "team-writer",
      role: "worker",
      capabilities: ["seo"],
      name: "Writer",
      parent: "lead",
      stopTimeoutMs: 5_000,
    },
    { key: "lead", resource: "team-lead", role: "lead", capabilities: ["plan"], name: "Lead", stopTimeoutMs: 5_000 },
  ],
};

/** A running clock that can be advanced. */
export class ShiftedClock implements Clock {
  #shiftMs = 0;

  now(): number {
    return Date.now() + this.#shiftMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  }

  forward(ms: number): void {
    this.#shiftMs += ms;
  }
}

/** The agent API in this process, on a real port. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly clock: ShiftedClock;
  readonly parts: AgentServer["parts"];
  readonly queue: TaskQueue;
  /** What was done. */
  readonly audit: () => AuditEntry[];
  /** Refused calls. */
  readonly refused: () => AuditEntry[];
  readonly close: () => Promise<void>;
}

export interface TestServerOptions {
  readonly limits?: Partial<ServerLimits>;
  /** The folder of a closed server. */
  readonly folder?: string;
  /** Id of the operation that migrates its state here. */
  readonly arrival?: string;
}

export async function startServer(onFinished: OnFinished, options: TestServerOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "swarm-api-"));
  const clock = new ShiftedClock();
  const store = await openStore({ kind: "sqlite", path: join(folder, "store.db") }, clock);
  const queue = new StoreQueue({ database: store.database, cluster, clock, random: () => 0 });
  const tasks = { present: async () => queue, open: async () => queue, close: () => store.close() };
  const limits = { ...serverLimits, ...options.limits };
  const audit = folderAudit(folder, clock, console.error);
  const server = createAgentServer({
    ...{ cluster: served, version: "1", folder, tasks, limits, clock, arrival: options.arrival },
    membership: tokenMembership(served, tokenIssuer(secret, cluster, clock)),
    audit,
  });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= server.close().then(audit.close);
    return closed;
  };
  onFinished(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const entries = (file: string) =>
    existsSync(join(folder, file))
      ? readFileSync(join(folder, file), "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line))
      : [];
  return {
    ...{ audit: () => entries("audit.log"), refused: () => entries("refused.log") },
    ...{ url, port: Number(new URL(url).port), folder, clock, parts: server.parts, queue, close },
  };
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, else the bytes. */
  readonly body: Record<string, unknown>;
  readonly bytes: Uint8Array;
}

/** A client for one instance. */
export class Caller {
  readonly instance: string;
  epoch = 0;
  readonly #server: TestServer;
  token: string;

  constructor(server: TestServer, instance = "writer-0", agent = "writer") {
    this.#server = server;
    this.instance = instance;
    this.token = server.parts.renew(instance, agent).token;
  }

  async register(fields: object = {}): Promise<Answer> {
    const answer = await this.call("POST", "/register", { instance: this.instance, agent: "writer", ...fields });
    if (typeof answer.body["epoch"] === "number") this.epoch = answer.body["epoch"];
    return answer;
  }

  post(path: string, fields: object = {}): Promise<Answer> {
    return this.call("POST", path, { epoch: this.epoch, ...fields });
  }

  get(path: string): Promise<Answer> {
    return this.call("GET", `${path}?epoch=${this.epoch}`);
  }

  put(path: string, body: object | Uint8Array<ArrayBuffer>): Promise<Answer> {
    if (body instanceof Uint8Array) return this.call("PUT", `${path}?epoch=${this.epoch}`, body);
    return this.call("PUT", path, { epoch: this.epoch, ...body });
  }

  async call(
    method: string,
    path: string,
    body?: object | Uint8Array<ArrayBuffer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const bytes = body instanceof Uint8Array;
    const type = bytes ? "application/octet-stream" : "application/json";
    const response = await fetch(`${this.#server.url}/agent/v1${path}`, {
      method,
      headers: {
        ...(this.token !== "" && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { "content-type": type }),
      },
      ...(body !== undefined && { body: bytes ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const content = new Uint8Array(await response.arrayBuffer());
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, body: isJson ? JSON.parse(Buffer.from(content).toString()) : {}, bytes: content };
  }
}

/** A registered instance. */
export async function registered(server: TestServer, instance = "writer-0"): Promise<Caller> {
  const caller = new Caller(server, instance);
  await caller.register();
  return caller;
}
