import { readdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSupervisor } from "../../../src/drivers/process/client.ts";
import { processDriver } from "../../../src/drivers/process/process-driver.ts";
import { agentPids, isAlive, pidOf } from "../cluster.ts";
import { Sandbox, until } from "../sandbox.ts";
import { localTeam } from "./local-team.ts";
import type { Target } from "./target.ts";

/** Processes under a supervisor. */
export const localTarget: Target = {
  name: "local",
  node: process.execPath,
  instance: (_cluster, agent, ordinal) => `${agent}-${ordinal}`,
  planLines: (cluster) => ({
    grows: new RegExp(`~ +${cluster}-worker +AgentPool +count 1 -> 5`),
    repairs: /not as recorded: /,
    knows: new RegExp(`~ +${cluster}-worker +AgentPool .*knowledge`),
  }),
  home(onFinished, variables) {
    const sandbox = new Sandbox(variables);
    onFinished(() => sandbox.dispose());
    const sites = join(sandbox.home, ".swarmstack", "clusters");
    const siteOf = (cluster: string) => {
      const found = readdirSync(sites).find((site) => site.startsWith(`${cluster}-`));
      return join(sites, found ?? "");
    };
    const running = () => processesUnder(sites);
    return {
      sandbox,
      driver: async (cluster) => processDriver(siteOf(cluster)),
      running,
      remains: running,
      async kill(cluster, instance) {
        process.kill(await pidOf(sandbox, cluster, instance), "SIGKILL");
      },
      async wipe(cluster) {
        const supervisor = readSupervisor(siteOf(cluster));
        if (supervisor.state !== "alive") throw new Error("the supervisor does not run");
        // The supervisor first; otherwise it restarts its agents.
        const pids = [supervisor.pid, ...(await agentPids(sandbox, cluster))];
        for (const pid of pids) process.kill(pid, "SIGKILL");
        await until("all are gone", () => !pids.some(isAlive));
      },
      reachable: async (url) => url,
    };
  },
  team: localTeam(),
};

/** All processes whose environment or command line names a folder: supervisors and instances of its sites. */
export async function processesUnder(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const [environment, commandLine] = await Promise.all(
      ["environ", "cmdline"].map((name) => readFile(join("/proc", pid, name), "utf8").catch(() => "")),
    );
    if (`${environment}\0${commandLine}`.includes(folder)) found.push(`${pid} ${commandLine?.replaceAll("\0", " ")}`);
  }
  return found;
}
