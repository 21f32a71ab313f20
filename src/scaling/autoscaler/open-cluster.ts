import { openDriver } from "../../drivers/open-driver.ts";
import { pinsOf } from "../../lifecycle/records/cluster-repository.ts";
import { performRequest } from "../../lifecycle/request.ts";
import { planOf } from "../../lifecycle/source.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import type { Engine } from "../../stacks/engine/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { readCluster } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import { openActuator } from "../actuators/open-actuator.ts";
import { configOf } from "../decide/config-of.ts";
import { observeCluster } from "../sources/cluster-sources.ts";
import { openSources } from "../sources/open-sources.ts";
import type { RedisConnections } from "../sources/redis/connections.ts";
import { listenToStreams, listenToTasks } from "./listen.ts";
import { pauseOf, pinsWith } from "./pauses.ts";
import { pushedStreams } from "./pushed-streams.ts";
import type { ScaledCluster } from "./scaled-cluster.ts";

export interface OpenOptions {
  readonly store: Store;
  readonly settings: Settings;
  /** Finds the engine: for targets whose counts are an update of the stack, and states that only it can read. */
  readonly engine: () => Promise<Engine>;
  /** Shared by all clusters of this process. */
  readonly connections: RedisConnections;
}

/**
 * Opens a cluster by its row; undefined when swarmstack scales none of its agents.
 *
 * @throws SwarmError SW706 when it runs on another host, SW611 or SW613 when its target is not configured here
 */
export async function openCluster(row: Cluster, options: OpenOptions): Promise<ScaledCluster | undefined> {
  const { store, settings, engine, connections } = options;
  const plan = planOf(row);
  if (!plan.agents.some(({ scaling }) => isScaledByUs(scaling))) return undefined;
  const record = await readCluster(settings, engine, row.activeStack);
  if (record === undefined) return undefined;
  const driver = await openDriver(record);
  if (driver === undefined) return undefined;
  const ends = new AbortController();
  const sources = openSources({
    ...{ plan, driver, connections, env: settings.env, now: Date.now },
    site: record.site,
  });
  const actuator = await openActuator({ record, plan, driver, now: Date.now, scale: byOperation(row, options) });
  return {
    ...{ id: row.id, name: row.name, version: row.version, actuator },
    identity: { uid: record.uid, generation: record.generation },
    async config() {
      const pauses = await store.scalingPauses.list(row.id);
      return configOf(plan, pinsWith(pinsOf(row), pauses), pauseOf(pauses));
    },
    observe: (signal) => observeCluster(sources, signal),
    listen(bell) {
      void listenToTasks(driver, bell, ends.signal);
      const { url, streams } = pushedStreams(record, plan, settings.env) ?? {};
      if (url !== undefined && streams !== undefined) void listenToStreams(url, streams, bell, ends.signal);
    },
    async close() {
      ends.abort();
      driver.close();
    },
  };
}

const actor = "autoscaler";

/** Scales by an operation of the journal, which is refused at once while another one is open. */
function byOperation({ name: cluster }: Cluster, { settings, engine }: OpenOptions) {
  return async (roles: Readonly<Record<string, number>>, signal: AbortSignal): Promise<void> => {
    const by = { actor, reason: "the rules of its blueprint" };
    await performRequest(
      { settings, engine: await engine(), signal, onEvent: () => {}, by },
      { verb: "operation", kind: "scale", cluster, waitMs: 0, input: { roles } },
    );
  };
}
