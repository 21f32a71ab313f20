import { Command } from "commander";
import { type SerializedError, type SwarmError, toSwarmError } from "../../errors.ts";
import type { Lifetime } from "../../lifecycle/reconcile/lifetime.ts";
import { readOverview } from "../../lifecycle/reconcile/overview.ts";
import { type NameRecords, nameStacks } from "../../lifecycle/records/cluster-names.ts";
import type { Settings } from "../../stacks/settings.ts";
import { listClusters } from "../../stacks/state.ts";
import type { Cluster } from "../../store/clusters.ts";
import { decideNamed } from "../choose-cluster.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { type ClusterView, viewCluster, viewStack } from "../clusters.ts";
import { type Context, createReadingContext } from "../context.ts";
import { examples } from "../examples.ts";
import { lifetimeWords } from "../lifetime-words.ts";
import type { Warning } from "../parse-rules.ts";
import { recordedRules } from "../recorded-rules.ts";
import { table } from "../table.ts";
import { wantedReplicas } from "../wanted-replicas.ts";

export function statusCommand(): Command {
  return withCluster(new Command("status"), { operand: true, embedded: true, selects: "only this cluster" })
    .addHelpText(
      "after",
      `${examples(["swarmctl status", "swarmctl status marketing-v1 --json", "swarmctl status --stack shop/dev/team"])}

Shows all clusters where the arguments name none; the one that other commands take by default is marked with *.`,
    )
    .action(async (_cluster: string | undefined, _options: ClusterOptions, command: Command) => {
      const context = createReadingContext(command.optsWithGlobals<ClusterOptions>());
      const named = namedCluster(command);
      const { reconcilers, scalers, byName, ...records } = await readOverview(context.settings);
      const views = await (named === undefined ? viewAll(context, records) : viewOne(context, named));
      const rows = await Promise.all(
        views.map(({ name, view, error }) => {
          const row = byName.get(name);
          return describe(context.settings, view, { name, row, scaler: scalers.get(row?.id ?? ""), error });
        }),
      );
      const keepers = reconcilers.map(({ name }) => name);
      context.output.result(
        named === undefined ? { clusters: rows, total: rows.length, keepers } : rows[0] && { ...rows[0], keepers },
        () => statusTable(rows, decideNamed(context, undefined)),
      );
      for (const { cluster, error } of rows) {
        if (error === undefined) continue;
        process.exitCode = 1;
        context.output.note(`${cluster} cannot be read: ${error.code} ${error.message}`);
        for (const hint of error.hints) context.output.note(`  ${context.output.style("dim", "try")}  ${hint}`);
      }
      for (const { cluster, status, reason } of rows) {
        if (reason !== undefined) context.output.note(`${cluster} is ${status}: ${reason}`);
      }
      for (const { cluster } of rows.filter(({ state }) => state === "not supervised")) {
        const up = `swarmctl up ${byName.get(cluster)?.blueprintFile ?? "FILE"}`;
        context.output.note(
          `the supervisor of ${cluster} is gone, its agents are not restarted: ${up}, or swarmctl watch`,
        );
      }
      for (const { cluster, warnings = [] } of rows) {
        for (const { code, message } of warnings) context.output.note(`warning[${code}] ${cluster}: ${message}`);
      }
      for (const { cluster } of rows.filter((row) => row.autoscaler === null && row.status === "ACTIVE")) {
        context.output.note(`no autoscaler runs for ${cluster}, whose counts follow its work: run swarmctl autoscaler`);
      }
      if (keepers.length > 0) {
        const set = rows.filter((row) => row.lifetime?.autostop !== undefined);
        for (const { cluster, lifetime } of set)
          context.output.note(`${cluster} ${lifetime && lifetimeWords(lifetime)}`);
        return;
      }
      for (const { cluster, lifetime } of rows.filter((row) => row.lifetime !== undefined)) {
        context.output.note(
          `no reconciler runs for ${cluster}, which ${lifetime === undefined ? "expires" : lifetimeWords(lifetime)}: run swarmctl watch, or swarmctl gc from cron`,
        );
      }
    });
}

interface NamedView {
  readonly name: string;
  readonly view: ClusterView | undefined;
  /** Why it cannot be viewed. */
  readonly error?: SwarmError;
}

async function viewAll(context: Context, records: NameRecords): Promise<readonly NamedView[]> {
  const clusters = nameStacks(await listClusters(context.settings, context.engine), records);
  return Promise.all(
    clusters.map(async ({ cluster: name, stack }) => {
      try {
        return { name, view: await viewStack(context, stack) };
      } catch (error) {
        // The other clusters are still shown.
        return { name, view: undefined, error: toSwarmError(error) };
      }
    }),
  );
}

async function viewOne(context: Context, name: string): Promise<readonly NamedView[]> {
  return [{ name, view: await viewCluster(context, name) }];
}

function statusTable(rows: readonly StatusRow[], current: string | undefined): string {
  if (rows.length === 0) return "no clusters; start one: swarmctl quickstart";
  return table(
    ["CLUSTER", "BLUEPRINT", "GENERATION", "STATUS", "AGENTS", "SUPERVISOR", "STATE"],
    rows.map((row) => [
      row.cluster === current ? `${row.cluster} *` : row.cluster,
      row.blueprint === undefined ? "-" : `${row.blueprint.id} ${row.blueprint.version}`,
      row.generation ?? "-",
      row.status ?? "-",
      `${row.running ?? "?"}/${row.wanted}`,
      row.supervisor,
      row.state,
    ]),
    { drops: ["GENERATION", "BLUEPRINT", "SUPERVISOR", "STATUS"] },
  );
}

/** `unreadable`: the state or the agents could not be read; `not supervised`: agents run without the supervisor that restarts them. */
type State = "unreadable" | "not supervised" | "running" | "degraded" | "down" | "hibernated" | "unfinished" | "empty";

interface StatusRow {
  readonly cluster: string;
  /** Observed state. */
  readonly state: State;
  /** State in the lifecycle. */
  readonly status?: Cluster["status"];
  /** Reason of a failure. */
  readonly reason?: string;
  /** An unfinished operation of several updates. */
  readonly operation?: { readonly id: string; readonly phase: string };
  readonly blueprint?: { readonly id: string; readonly version: string };
  readonly generation?: number;
  /** null: unknown without a supervisor or agent server. */
  readonly running: number | null;
  readonly wanted: number;
  readonly supervisor: string;
  readonly counts?: Readonly<Record<string, number>>;
  /** Rules of the blueprint that nothing executes yet. */
  readonly warnings?: readonly Warning[];
  /** The process that scales it, `<host>/<pid>.<start>`; null: none runs. Absent: it has no rules for one. */
  readonly autoscaler?: string | null;
  /** Rules of automatic hibernation, reactivation and expiry. */
  readonly lifetime?: Lifetime;
  /** Why it is unreadable. */
  readonly error?: SerializedError;
}

interface Described {
  readonly name: string;
  readonly row: Cluster | undefined;
  readonly scaler: string | undefined;
  readonly error: SwarmError | undefined;
}

async function describe(
  settings: Settings,
  view: ClusterView | undefined,
  { name: cluster, row, scaler, error }: Described,
): Promise<StatusRow> {
  const { lifetime, warnings, isScaled } = await recordedRules(settings, row);
  const lifecycle = {
    ...(lifetime && { lifetime }),
    ...(warnings.length > 0 && { warnings }),
    ...(isScaled && { autoscaler: scaler ?? null }),
    ...(row && { status: row.status }),
    ...(row?.statusReason != null && { reason: row.statusReason }),
  };
  const nothing = { running: 0, wanted: 0, supervisor: "-" };
  if (error !== undefined) {
    return { cluster, state: "unreadable", ...lifecycle, ...nothing, running: null, error: error.toJSON() };
  }
  if (view === undefined) return { cluster, state: "empty", ...lifecycle, ...nothing };
  const { record, status } = view;
  const wanted = Object.values(wantedReplicas(record, status)).reduce((sum, count) => sum + count, 0);
  const running = (status?.agents ?? []).reduce((sum, agent) => sum + agent.running, 0);
  return {
    cluster,
    state: stateOf(view, running, wanted),
    ...lifecycle,
    ...(record.operation && { operation: record.operation }),
    blueprint: record.blueprint,
    generation: record.generation,
    running: isUnsupervised(view) ? null : running,
    wanted,
    supervisor: status?.api ?? "gone",
    counts: record.counts,
  };
}

function stateOf({ record, status }: ClusterView, running: number, wanted: number): State {
  if (record.pending > 0 || record.operation !== undefined) return "unfinished";
  if (record.power === "hibernated" && running === 0) return "hibernated";
  if (status === undefined) return "down";
  if (isUnsupervised({ record, status })) return "not supervised";
  return running === wanted && status.api !== undefined ? "running" : "degraded";
}

/** Whether a local cluster has no supervisor, so the state of its agents is unknown; other targets report it themselves. */
function isUnsupervised({ record: { site }, status }: ClusterView): boolean {
  return site !== undefined && status !== undefined && status.api === undefined;
}
