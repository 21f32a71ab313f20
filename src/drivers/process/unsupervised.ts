import type { InstanceStatus } from "../../agent-api/status.ts";
import { markedProcesses } from "../../platform/processes/marked.ts";
import { type InstanceRecord, runningProcess, SiteRecords } from "../../supervisor/record.ts";
import { sitePaths } from "../../supervisor/site.ts";
import type { RuntimeStatus } from "../driver.ts";

/**
 * What still runs of a site whose supervisor was killed: its records, checked against the processes. Nothing restarts what ends,
 * and nothing is heard from the agents.
 * @returns undefined when no process runs.
 */
export function unsupervised(dir: string): RuntimeStatus | undefined {
  const paths = sitePaths(dir);
  const records = new SiteRecords(paths);
  const marked = markedProcesses({ dir: paths.dir });
  const living = records.instances().flatMap((record) => {
    const pid = runningProcess(record, marked)?.pid;
    return pid === undefined ? [] : [{ record, pid }];
  });
  if (living.length === 0) return undefined;
  const agents = records.pools().map(({ spec: { agent, role, name } }) => {
    const own = living.filter(({ record }) => record.agent === agent);
    return { agent, role, name, running: own.length, instances: own.map(({ record, pid }) => statusOf(record, pid)) };
  });
  return { api: undefined, agents: agents.sort((a, b) => (a.agent < b.agent ? -1 : 1)) };
}

function statusOf({ id, restarts, startedAtMs }: InstanceRecord, pid: number): InstanceStatus {
  const startedAt = startedAtMs === undefined ? {} : { startedAt: new Date(startedAtMs).toISOString() };
  return { id, state: "running", restarts, pid, ...startedAt };
}
