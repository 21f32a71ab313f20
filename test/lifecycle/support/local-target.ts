import { readdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { processDriver } from "../../../src/runtime/drivers/process-driver.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { blueprintOf, type LifecycleTarget, swarmctl } from "./cluster.ts";

/** Processes under a supervisor. */
export const localTarget: LifecycleTarget = {
  name: "local",
  async cluster(onFinished, options) {
    const sandbox = new Sandbox();
    onFinished(() => sandbox.dispose());
    const { script } = options;
    const command = script === undefined ? undefined : [process.execPath, sandbox.write("agent.mjs", script)];
    const blueprint = sandbox.write("team.yaml", blueprintOf("team", options, command));
    const sites = join(sandbox.home, ".swarmstack", "clusters");
    const site = () => join(sites, readdirSync(sites)[0] ?? "");
    const cluster = {
      ...{ name: "team", blueprint, sandbox },
      instance: (agent: string, ordinal: number) => `${agent}-${ordinal}`,
      driver: async () => processDriver(site()),
      running: () => processesUnder(sites),
    };
    if (!options.isPlanned) await swarmctl(cluster, "up", blueprint);
    return cluster;
  },
};

/** All processes whose environment or command line names a folder: supervisors and instances of its sites. */
async function processesUnder(folder: string): Promise<readonly string[]> {
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
