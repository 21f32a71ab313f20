import type { Command } from "commander";
import { SwarmError } from "../errors.ts";
import { listNamed, type ResolvedCluster, resolveCluster } from "../lifecycle/records/cluster-names.ts";
import { namedCluster } from "./cluster-option.ts";
import type { Context } from "./context.ts";
import { readCurrentCluster } from "./current-cluster.ts";

/** What may name the cluster of a command. */
export interface Namings {
  /** Of the command's arguments. */
  readonly named: string | undefined;
  /** Value of SWARM_CLUSTER. */
  readonly variable: string | undefined;
  /** Recorded by `swarmctl use`. */
  readonly used: string | undefined;
}

/** Decides which cluster a command is for; undefined leaves the only one. */
export function decideCluster({ named, variable, used }: Namings): string | undefined {
  return named ?? (variable || used);
}

type Reading = Pick<Context, "settings" | "engine">;

/**
 * Returns the name of a command's cluster: the first of its arguments, SWARM_CLUSTER, `swarmctl use`, and the only one.
 *
 * @throws SwarmError SW605 when there is none, SW801 when several exist
 */
export async function chooseCluster(context: Reading, command: Command): Promise<string> {
  return decideNamed(context, namedCluster(command)) ?? (await onlyCluster(context)).cluster;
}

/** As `chooseCluster`, for a name that was read already, resolved to where the cluster is now. */
export async function chooseResolved(context: Reading, named: string | undefined): Promise<ResolvedCluster> {
  const cluster = decideNamed(context, named);
  return cluster === undefined ? onlyCluster(context) : resolveCluster(context.settings, cluster);
}

/** What names the cluster, apart from its being the only one. */
export function decideNamed({ settings }: Pick<Context, "settings">, named: string | undefined): string | undefined {
  const { env, home } = settings;
  return decideCluster({ named, variable: env.SWARM_CLUSTER, used: readCurrentCluster(home) });
}

async function onlyCluster({ settings, engine }: Reading): Promise<ResolvedCluster> {
  const clusters = await listNamed(settings, engine);
  const [only, ...others] = clusters;
  if (only === undefined) {
    throw new SwarmError("SW605", "no cluster exists", { hints: ["start one: swarmctl quickstart"] });
  }
  if (others.length === 0) return only;
  const names = clusters.map(({ cluster }) => cluster).join(", ");
  throw new SwarmError("SW801", `no cluster named, and ${clusters.length} exist: ${names}`, {
    hints: [
      `name it: --cluster ${only.cluster}`,
      `for this shell: export SWARM_CLUSTER=${only.cluster}`,
      `from now on: swarmctl use ${only.cluster}`,
    ],
    values: { clusters: clusters.map(({ cluster }) => cluster) },
  });
}
