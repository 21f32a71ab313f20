import { cp } from "node:fs/promises";
import type { InstanceStatus } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { follow, tail } from "../../supervisor/logs.ts";
import { sitePaths } from "../../supervisor/site.ts";
import type { Driver, LogOptions, MeasuredUsage } from "../driver.ts";
import { attach } from "./attach.ts";
import { ask, readSupervisor, supervisorStatus } from "./connection.ts";
import { exec } from "./exec-call.ts";
import { unsupervised } from "./unsupervised.ts";

/** A driver for instances that a supervisor runs as local processes; `dir` is its site. */
export function processDriver(dir: string): Driver {
  return {
    ask: (request, timeoutMs) => ask(sitePaths(dir), request, timeoutMs),
    async status(signal) {
      if (readSupervisor(dir).state === "gone") return unsupervised(dir);
      const { pid, pools } = await supervisorStatus(dir, signal);
      return { api: `process ${pid}`, agents: pools };
    },
    tail: async (instance, lines, options) => {
      refuseTimes(options);
      return tail(dir, instance, lines);
    },
    follow: (instance, options) => {
      refuseTimes(options);
      return follow(dir, instance, options);
    },
    exec: (instance, command, options) => exec(dir, instance, command, options),
    attach: (instance, command, options) => attach(dir, instance, command, options),
    async usage(signal) {
      if (readSupervisor(dir).state === "gone") return undefined;
      const { pools } = await supervisorStatus(dir, signal);
      return new Map(pools.flatMap(({ instances }) => instances.map((one) => [one.id, usageOf(one)] as const)));
    },
    async restart(instance, signal) {
      await ask(sitePaths(dir), {
        ...{ method: "POST", path: `/v1/instances/${encodeURIComponent(instance)}/restart`, signal },
      });
    },
    async copyCheckpoints(folder) {
      await cp(sitePaths(dir).checkpoints, folder, { recursive: true });
      return true;
    },
    close: () => {},
  };
}

/** The supervisor samples the processes of each instance. */
function usageOf({ cpu, memoryBytes }: InstanceStatus): MeasuredUsage {
  return { ...(cpu !== undefined && { cpu }), ...(memoryBytes !== undefined && { memoryBytes }) };
}

/** Rejects options that need the times of lines, which logs of the local target do not contain. */
function refuseTimes({ sinceMs, timestamps }: LogOptions = {}): void {
  if (sinceMs === undefined && !timestamps) return;
  throw new SwarmError("SW801", "the local target does not record when a line of a log was written", {
    hints: ["the last lines: swarmctl logs --tail 100", "what happened when: swarmctl events"],
  });
}
