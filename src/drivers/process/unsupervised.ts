import type { InstanceStatus } from "../../agent-api/status.ts";
import { markedProcesses } from "../../platform/processes/marked.ts";
import { type InstanceRecord, runningProcess, SiteRecords } from "../../supervisor/record.ts";
import { sitePaths } from "../../supervisor/site.ts";
import type { RuntimeStatus } from "../driver.ts";

/**
 * Status of a site whose supervisor was killed: its records, checked against the processes. Instances that end are not
 * restarted, and agents cannot report.
 * @returns undefined if no process is running.
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
