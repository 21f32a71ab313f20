import { ensureSupervisor, putPool, waitForPool } from "../../../src/drivers/process/client.ts";
import { poolOf } from "../../../src/drivers/process/scratch.fixture.ts";
import type { SiteSettings } from "../../../src/supervisor/settings.ts";
import { driverOf, instanceStatus, kill, nodeScript, referencePool, scratchSite } from "../../agents/support/site.ts";
import type { Target } from "./target.ts";

/** Processes under a supervisor with these settings. */
export function localTeam(settings: SiteSettings = {}): Target["team"] {
  return async (onFinished, { count = 1, script, stopTimeoutMs = 5_000 } = {}) => {
    const site = scratchSite(onFinished);
    const supervisor = await ensureSupervisor(site, { settings });
    const pool = (wanted: number) => {
      const spec = { count: wanted, stopTimeoutMs };
      if (script === undefined) return referencePool(spec);
      return poolOf({ ...spec, command: nodeScript(site, "agent.mjs", script) });
    };
    const scale = async (wanted: number) => {
      await putPool(site.dir, pool(wanted));
      await waitForPool(site.dir, "writer", wanted);
    };
    const killOne = async (id: string) => kill((await instanceStatus(site, id))?.pid);
    await scale(count);
    return {
      driver: driverOf(site),
      scale,
      kill: killOne,
      async killWithApi(id) {
        const { pid } = (await instanceStatus(site, id)) ?? {};
        await kill(supervisor.pid);
        await kill(pid);
        await ensureSupervisor(site, { settings });
      },
    };
  };
}
