import { cp } from "node:fs/promises";
import { follow, tail } from "../../supervisor/logs.ts";
import { sitePaths } from "../../supervisor/site.ts";
import type { Driver } from "../driver.ts";
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
    tail: async (instance, lines) => tail(dir, instance, lines),
    follow: (instance, options) => follow(dir, instance, options),
    exec: (instance, command, options) => exec(dir, instance, command, options),
    attach: (instance, command, options) => attach(dir, instance, command, options),
    async copyCheckpoints(folder) {
      await cp(sitePaths(dir).checkpoints, folder, { recursive: true });
      return true;
    },
    close: () => {},
  };
}
