/**
 * The reference agent: runs for an agent without a command or image, and shows all of the agent API
 * (docs/agents/api.md) in one file. It requires only Node.js. It registers, reports, processes tasks, drains, saves
 * its state and resumes from it.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { call, Refused } from "./calls.ts";
import { load, type StateManifest, save, sha256 } from "./saved-state.ts";
import { showLife } from "./sign-of-life.ts";
import { asPayload, skillOf } from "./skills.ts";

interface Directive {
  readonly hold: boolean;
  readonly drain: { readonly deadlineMs: number } | null;
}

interface Task {
  readonly id: string;
  readonly attempt: number;
  readonly payload: unknown;
}

const { SWARM_INSTANCE = "", SWARM_AGENT = "", SWARM_ROLE = "", SWARM_CLUSTER = "", SWARM_CONFIG = "" } = process.env;
const { SWARM_STOP_TIMEOUT_MS } = process.env;
const { capabilities = [] } = JSON.parse(readFileSync(SWARM_CONFIG, "utf8")) as { capabilities?: string[] };
/** Margin between the deadline of tasks and that of the process. */
const marginMs = 500;
const leaseWaitMs = 20_000;

const life = { epoch: 0, seq: 0, intervalMs: 2_000, order: { hold: false, drain: null } as Directive };
const state = { answered: 0, digest: "" };
const metrics = { finished: [] as { at: number; tookMs: number }[], errors: 0 };
let saved = "";
let ending = false;
let drained = false;
let task: (Task & { readonly stop: AbortController }) | undefined;
/** Aborted by the signal to end. */
const leaving = new AbortController();

async function register(): Promise<void> {
  const versions = { agent: "reference-1", node: process.versions.node, api: "2" };
  const about = { instance: SWARM_INSTANCE, agent: SWARM_AGENT, capabilities, versions };
  const reply = await call<
    Directive & { epoch: number; heartbeatIntervalMs: number; checkpoint: StateManifest | null }
  >(...(["POST", "/register", about] as const));
  const { epoch, heartbeatIntervalMs: intervalMs, hold } = reply;
  Object.assign(life, { epoch, intervalMs, order: { hold, drain: null } });
  if (reply.checkpoint) {
    saved = await load(reply.checkpoint, life.epoch);
    Object.assign(state, JSON.parse(saved));
    life.seq = reply.checkpoint.seq;
  }
  say(
    `alive as ${SWARM_ROLE} of ${SWARM_CLUSTER}, process ${process.pid}, life ${life.epoch}, ${state.answered} answered`,
  );
}

async function checkpoint(): Promise<void> {
  const text = JSON.stringify(state);
  if (text === saved) return;
  try {
    await save(text, life.seq + 1, life.epoch);
    life.seq++;
    saved = text;
  } catch (error) {
    // Frozen: this process changes nothing until it is resumed, and saves then.
    if (!(error instanceof Refused && error.code === "SW720")) throw error;
  }
}

async function beat(): Promise<void> {
  const recent = metrics.finished.filter(({ at }) => at > Date.now() - 60_000);
  metrics.finished = recent;
  const { user, system } = process.cpuUsage();
  const reply = await call<Directive & { heartbeatIntervalMs: number; lostTasks: string[] }>("POST", "/heartbeat", {
    epoch: life.epoch,
    state: drained ? "drained" : task ? "busy" : "idle",
    openTasks: task ? [{ id: task.id, attempt: task.attempt }] : [],
    tasksPerMinute: recent.length,
    ...(recent.length > 0 && { responseMs: recent.reduce((sum, { tookMs }) => sum + tookMs, 0) / recent.length }),
    errors: metrics.errors,
    cpu: (user + system) / 1e6 / process.uptime(),
    memoryBytes: process.memoryUsage.rss(),
  });
  life.intervalMs = reply.heartbeatIntervalMs;
  if (task && reply.lostTasks.includes(task.id)) task.stop.abort();
  obey(reply);
}

function obey({ hold, drain }: Directive): void {
  if (drain) finishWithin(drain.deadlineMs);
  life.order = { hold, drain };
}

/** Hands unfinished tasks back after that time. */
function finishWithin(timeMs: number): void {
  const { stop } = task ?? {};
  if (stop) setTimeout(() => stop.abort(), Math.max(0, timeMs - marginMs)).unref();
}

function differs({ hold, drain }: Directive): boolean {
  return hold !== life.order.hold || (drain === null) !== (life.order.drain === null);
}

async function work({ id, attempt, payload }: Task): Promise<void> {
  const began = performance.now();
  const stop = new AbortController();
  task = { id, attempt, payload, stop };
  const proof = { epoch: life.epoch, attempt };
  try {
    const result = await skillOf(payload)(asPayload(payload), { capabilities, signal: stop.signal });
    if (stop.signal.aborted) return void (await call("POST", `/tasks/${id}/hand-back`, proof));
    await call("POST", `/tasks/${id}/ack`, { ...proof, result });
    state.answered++;
    state.digest = sha256(`${state.digest} ${id} ${JSON.stringify(result)}`);
    metrics.finished.push({ at: Date.now(), tookMs: performance.now() - began });
  } catch (error) {
    if (error instanceof Refused && error.code !== "SW714") throw error;
    metrics.errors++;
    if (error instanceof Refused) return;
    await call("POST", `/tasks/${id}/fail`, { ...proof, error: String(error), retryable: false });
  } finally {
    task = undefined;
  }
}

async function live(): Promise<void> {
  while (!ending) {
    const { order: directive } = life;
    if (directive.hold) {
      // On hold nothing changes, but a first state is saved.
      if (directive.drain || saved === "") await checkpoint();
      drained = directive.drain !== null;
      await beat();
      // The reply comes when this directive changes or is withdrawn.
      if (!differs(directive)) await lease(leaseWaitMs, directive.drain ? "drain" : "hold");
      continue;
    }
    if (drained) {
      drained = false;
      await beat();
    }
    let tasks = await lease(0);
    if (tasks.length === 0) {
      await checkpoint();
      tasks = ending ? [] : await lease(leaseWaitMs);
    }
    for (const one of tasks) {
      if (life.order.hold)
        await call("POST", `/tasks/${one.id}/hand-back`, { epoch: life.epoch, attempt: one.attempt });
      else await work(one);
    }
  }
  await checkpoint();
}

/** Returns early without a task when the directive changes; the end of this process ends the wait. */
async function lease(waitMs: number, held?: "drain" | "hold"): Promise<readonly Task[]> {
  try {
    const desired = { epoch: life.epoch, waitMs, held };
    const reply = await call<Directive & { tasks: Task[] }>("POST", "/tasks/lease", desired, leaving.signal);
    obey(reply);
    return reply.tasks;
  } catch (error) {
    if (leaving.signal.aborted) return [];
    throw error;
  }
}

function say(text: string): void {
  console.log(`${new Date().toISOString()} ${SWARM_INSTANCE}: ${text}`);
}

async function beats(): Promise<never> {
  for (;;) {
    await delay(life.intervalMs);
    await beat();
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    say(`ends on ${signal}`);
    ending = true;
    leaving.abort();
    if (SWARM_STOP_TIMEOUT_MS) finishWithin(Number(SWARM_STOP_TIMEOUT_MS));
    if (life.epoch > 0) void beat().catch(() => process.exit(1));
    else process.exit(0);
  });
}

showLife();
await register();
await Promise.race([live(), beats()]).catch((error: unknown) => {
  // Refused: another process has replaced this one.
  say(`ends: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
say(`ended with ${state.answered} answered`);
process.exit(0);
