/** One run of an instance, as recorded by the instance. */
export interface RecordedLife {
  readonly epoch: number;
  /** Root of its initial state. */
  readonly root: string | null;
  /** Times of registration and of the last action in milliseconds since the epoch. */
  readonly begunAt: number;
  readonly lastAt: number;
  /** Numbers of the completed tasks. */
  readonly answered: readonly number[];
}

/** State of an instance: all its runs on all targets. */
export interface Recorded {
  readonly lives: readonly RecordedLife[];
}

/** An agent that records each of its runs: it registers, works on numbered tasks, drains and saves its state. */
export const recordingAgent = `
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const { SWARM_API, SWARM_INSTANCE: instance, SWARM_AGENT: agent, SWARM_TOKEN_FILE } = process.env;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** Retries without a response: the server may be down or fenced. */
async function call(method, path, body) {
  for (;;) {
    try {
      const bytes = body instanceof Uint8Array;
      const type = bytes ? "application/octet-stream" : "application/json";
      const response = await fetch(SWARM_API + "/agent/v1" + path, {
        method,
        headers: {
          authorization: "Bearer " + readFileSync(SWARM_TOKEN_FILE, "utf8"),
          ...(body !== undefined && { "content-type": type }),
        },
        ...(body !== undefined && { body: bytes ? body : JSON.stringify(body) }),
      });
      if (response.ok) {
        const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
        return isJson ? await response.json() : new Uint8Array(await response.arrayBuffer());
      }
      if (response.status < 500 && response.status !== 401 && response.status !== 429) {
        throw Object.assign(new Error(await response.text()), { isRefused: true });
      }
    } catch (error) {
      if (error.isRefused) throw error;
    }
    await delay(50);
  }
}

const { epoch, checkpoint, hold } = await call("POST", "/register", { instance, agent, capabilities: ["work"] });
const state = { lives: [] };
let seq = 0;
let saved = "";
if (checkpoint) {
  const parts = [];
  for (const hash of checkpoint.chunks) parts.push(await call("GET", "/checkpoints/" + hash + "?epoch=" + epoch));
  Object.assign(state, JSON.parse(Buffer.concat(parts).toString("utf8")));
  seq = checkpoint.seq;
}
const life = { epoch, root: checkpoint?.root ?? null, begunAt: Date.now(), lastAt: Date.now(), answered: [] };
state.lives.push(life);

async function save() {
  const text = JSON.stringify(state);
  if (text === saved) return;
  const bytes = new Uint8Array(Buffer.from(text));
  const chunk = sha256(bytes);
  await call("PUT", "/checkpoints/" + chunk + "?epoch=" + epoch, bytes);
  const root = sha256(chunk + "\\n");
  await call("PUT", "/checkpoints/" + root, { chunks: [chunk], root, seq: seq + 1, epoch });
  seq++;
  saved = text;
}

let order = { hold, drain: null };
let drained = false;
let task;
async function beat() {
  const openTasks = task ? [{ id: task.id, attempt: task.attempt }] : [];
  const reply = await call("POST", "/heartbeat", { epoch, state: drained ? "drained" : task ? "busy" : "idle", openTasks });
  order = { hold: reply.hold, drain: reply.drain };
}

async function beats() {
  for (;;) {
    await delay(1000);
    await beat();
  }
}

async function work() {
  for (;;) {
    if (order.hold) {
      if (!drained) await save();
      drained = true;
      await beat();
      if (order.hold) await call("POST", "/tasks/lease", { epoch, waitMs: 5000, held: order.drain ? "drain" : "hold" });
      await beat();
      continue;
    }
    if (drained) life.lastAt = Date.now();
    drained = false;
    const { tasks, hold, drain } = await call("POST", "/tasks/lease", { epoch, waitMs: 2000 });
    order = { hold, drain };
    for (const one of tasks) {
      task = one;
      await delay(one.payload.ms);
      try {
        await call("POST", "/tasks/" + one.id + "/ack", { epoch, attempt: one.attempt, result: one.payload.number });
        life.answered.push(one.payload.number);
      } catch (error) {
        if (!error.message.includes("SW714")) throw error;
      }
      life.lastAt = Date.now();
      task = undefined;
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
await Promise.race([work(), beats()]);
`;
