import type { ClusterTarget } from "../../cluster/support/target.ts";
import { blueprintOf, type LifecycleTarget, swarmctl } from "./cluster.ts";

/** Clusters of a boss and workers, each in a home of its own, wherever a target runs them. */
export function lifecycleOn(target: ClusterTarget): LifecycleTarget {
  return {
    name: target.name,
    async cluster(onFinished, options) {
      const { sandbox, driver, running, stops } = target.home(onFinished);
      const name = "team";
      const { script, isPlanned = false } = options;
      const command = script === undefined ? undefined : [target.node, "--input-type=module", "-e", script];
      const blueprint = sandbox.write("team.yaml", blueprintOf(name, options, { target: target.name, command }));
      const cluster = {
        ...{ name, blueprint, sandbox },
        instance: (agent: string, ordinal: number) => `${agent}-${ordinal}`,
        driver: () => driver(name),
        running: () => running(name),
        ...(stops && { stops: () => stops(name) }),
      };
      if (!isPlanned) await swarmctl(cluster, "up", blueprint);
      return cluster;
    },
  };
}
