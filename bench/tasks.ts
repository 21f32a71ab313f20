import { cpus, totalmem } from "node:os";
import type { LeaseProof } from "../src/tasks/queue.ts";
import { type Backend, inServers, isBackend, sqlite } from "../test/tasks/support/backends.ts";
import { newTask } from "../test/tasks/support/setting.ts";
import { startPostgres } from "../tools/services/postgres.ts";
import { startRedis } from "../tools/services/redis.ts";

/**
 * How many tasks a second 50 workers of one process lease and acknowledge, and how long each takes. Commits wait for the
 * disk (SQLite, PostgreSQL); Redis syncs its append-only file every second.
 */
const workers = 50;
const tasks = 5_000;

interface Figure {
  readonly name: string;
  readonly leasesPerSecond: number;
  readonly leaseP99Ms: number;
  readonly ackP99Ms: number;
}

async function measure(backend: Backend): Promise<Figure> {
  const queue = backend.queue({ cluster: `bench-${process.pid}`, clock: { now: () => Date.now() } });
  for (let n = 0; n < tasks; n++) await queue.add({ ...newTask, payload: { n }, leaseMs: 300_000 });
  const leaseMs: number[] = [];
  const ackMs: number[] = [];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const worker = { instance: `writer-${index}`, agent: "writer", role: "worker", capabilities: ["seo"], epoch: 1 };
      for (;;) {
        const reply = await timed(leaseMs, () => queue.lease(worker, 1));
        const task: LeaseProof | undefined = reply.ok ? reply.tasks[0] : undefined;
        if (task === undefined) return;
        await timed(ackMs, () => queue.ack(task, { ok: true }));
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  const { total } = await queue.counts();
  if (total.done !== tasks) throw new Error(`${backend.name}: ${JSON.stringify(total)}`);
  return {
    name: backend.name,
    leasesPerSecond: Math.round(tasks / seconds),
    leaseP99Ms: percentile(leaseMs, 0.99),
    ackP99Ms: percentile(ackMs, 0.99),
  };
}

async function timed<Value>(into: number[], work: () => Promise<Value>): Promise<Value> {
  const begun = performance.now();
  const value = await work();
  into.push(performance.now() - begun);
  return value;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(10 * (sorted[Math.floor(part * (sorted.length - 1))] ?? 0)) / 10;
}

const size = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${cpus()[0]?.model.trim()}`;
console.log(`${workers} workers, ${tasks} tasks, Node ${process.version}, ${size}`);
const figures: Figure[] = [];
const durable = { durable: true };
const servers = await inServers({ postgres: startPostgres(durable), redis: startRedis(durable) });
const backends = [await sqlite(), ...servers];
try {
  for (const backend of backends) {
    if (!isBackend(backend)) {
      console.log(`${backend.name}: not measured: ${backend.unavailable}`);
      continue;
    }
    const figure = await measure(backend);
    const { name, leasesPerSecond, leaseP99Ms, ackP99Ms } = figure;
    console.log(`${name}: ${leasesPerSecond} leases/s, lease p99 ${leaseP99Ms} ms, ack p99 ${ackP99Ms} ms`);
    figures.push(figure);
  }
} finally {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
}
console.log(JSON.stringify({ tasks: figures }));
