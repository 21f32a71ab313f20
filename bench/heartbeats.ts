import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureSupervisor, putPool, readSupervisor, removeSite, waitForPool } from "../src/drivers/process/client.ts";
import { parseProcStat } from "../src/supervisor/measure/parse.ts";
import { type Site, sitePaths } from "../src/supervisor/site.ts";
import { Beater } from "./heartbeats/beater.ts";

/**
 * What 1,000 instances cost the supervisor that they report to: processes that do nothing, and for each of them heartbeats over the
 * loopback at the interval that the API asks for. Its processor time also covers looking at what each process uses.
 */
const instances = 1_000;
const measuredMs = 60_000;

const root = mkdtempSync(join(tmpdir(), "swarm-bench-"));
const site: Site = { dir: join(root, "beats"), cluster: "beats", uid: "bench", owner: "organization/swarmstack/beats" };
const size = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${cpus()[0]?.model.trim()}`;
console.log(`${instances} instances, Node ${process.version}, ${size}`);
try {
  const { pid } = await ensureSupervisor(site);
  const sighting = readSupervisor(site.dir);
  if (sighting.state === "gone") throw new Error("the supervisor has ended");
  const api = `http://127.0.0.1:${sighting.port}`;
  const spec = { agent: "idler", role: "worker", name: "Idler", count: instances, command: ["sleep", "3600"], env: {} };
  const owner = { uid: "bench", urn: "urn:pulumi:beats::swarmstack::swarmstack:index:AgentPool::idler" };
  await putPool(site.dir, { ...spec, owner, stopTimeoutMs: 1_000, generation: 1 });
  await waitForPool(site.dir, "idler", instances, { deadlineMs: 300_000 });
  console.log(`${instances} processes run`);
  const beaters = Array.from(
    { length: instances },
    (_, ordinal) => new Beater(`idler-${ordinal}`, api, join(sitePaths(site.dir).tokens, `idler-${ordinal}`)),
  );
  for (const beater of beaters) await beater.register();
  const intervalMs = Math.max(...beaters.map((beater) => beater.intervalMs));
  const end = performance.now() + intervalMs + measuredMs;
  const beating = Promise.all(beaters.map((beater, index) => beater.beatUntil(end, (index * intervalMs) / instances)));
  await delay(intervalMs);
  const before = cpuMs(pid);
  const begun = performance.now();
  await Promise.all([beating, delay(measuredMs)]);
  const elapsedMs = performance.now() - begun;
  const replies = beaters.flatMap(({ replyMs }) => replyMs).toSorted((a, b) => a - b);
  const figure = {
    instances,
    intervalMs,
    beatsPerSecond: Math.round((10_000 * replies.length) / (elapsedMs + intervalMs)) / 10,
    supervisorCores: Math.round((1_000 * (cpuMs(pid) - before)) / elapsedMs) / 1_000,
    supervisorMemoryMiB: Math.round(memoryBytes(pid) / 2 ** 20),
    replyP99Ms: Math.round(10 * (replies[Math.floor(0.99 * (replies.length - 1))] ?? 0)) / 10,
  };
  console.log(JSON.stringify({ heartbeats: figure }));
} finally {
  await removeSite(site.dir, { deadlineMs: 60_000 });
  rmSync(root, { recursive: true, force: true });
}

function cpuMs(pid: number): number {
  return sampleOf(pid)?.cpuMs ?? 0;
}

function memoryBytes(pid: number): number {
  return sampleOf(pid)?.memoryBytes ?? 0;
}

function sampleOf(pid: number) {
  return parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"), 4096);
}
