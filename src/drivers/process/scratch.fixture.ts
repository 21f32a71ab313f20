import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PoolStatus } from "../../agent-api/status.ts";
import { type MarkedProcess, markedProcesses } from "../../platform/processes/marked.ts";
import { poll } from "../../platform/wait.ts";
import type { PoolSpec } from "../../supervisor/pool-spec.ts";
import { type Site, sitePaths } from "../../supervisor/site.ts";
import { supervisorStatus } from "./client.ts";
import { removeSite } from "./remove.ts";

/** A site in a temporary folder; its processes are stopped at the end of the test, also after a failure. */
export function scratchSite(onFinished: (clean: () => Promise<void>) => void): Site {
  const root = mkdtempSync(join(tmpdir(), "swarm-site-"));
  const site = {
    dir: join(root, "marketing"),
    cluster: "marketing",
    uid: "c-1",
    owner: "organization/swarmstack/marketing",
  };
  onFinished(async () => {
    await removeSite(site.dir, { deadlineMs: 15_000 });
    rmSync(root, { recursive: true, force: true });
  });
  return site;
}

export const owner = { uid: "s-1", urn: "urn:pulumi:marketing::swarmstack::swarmstack:index:AgentPool::writer" };

export function poolOf(changes: Partial<PoolSpec> = {}): PoolSpec {
  return {
    agent: "writer",
    role: "worker",
    name: "Writer",
    count: 1,
    command: ["sleep", "600"],
    env: {},
    owner,
    startPeriodMs: 200,
    stopTimeoutMs: 5_000,
    generation: 1,
    ...changes,
  };
}

/**
 * Polls a question.
 * @throws Error without an answer within 20 s.
 */
export async function eventually<T>(question: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const answer = await poll(question, { deadlineMs: 20_000, intervalMs: 30 });
  if (answer === undefined) throw new Error(`not within 20 s: ${question}`);
  return answer;
}

export async function poolStatus(site: Site, agent = "writer"): Promise<PoolStatus> {
  const pool = (await supervisorStatus(site.dir)).pools.find((one) => one.agent === agent);
  if (!pool) throw new Error(`no pool ${agent}`);
  return pool;
}

/** All running processes of a site, recorded or not. */
export function processesOf(site: Site): MarkedProcess[] {
  return markedProcesses({ dir: sitePaths(site.dir).dir });
}

export function pidsOf(pool: PoolStatus): (number | undefined)[] {
  return pool.instances.map((instance) => instance.pid);
}
