import { countTasks } from "../../drivers/control/task-calls.ts";
import { type Lifetime, readLifetime } from "../../lifecycle/reconcile/lifetime.ts";
import { listWatcherLeases } from "../../lifecycle/reconcile/watcher-lease.ts";
import { resolveCluster } from "../../lifecycle/records/cluster-names.ts";
import { type JournalEntry, listOperations, listRows } from "../../lifecycle/records/journal.ts";
import { parseEmbeddedName } from "../../stacks/embedded.ts";
import { taskStates } from "../../tasks/task.ts";
import { type ClusterView, viewCluster } from "../clusters.ts";
import type { Context } from "../context.ts";
import { lifetimeWords } from "../lifetime-words.ts";
import { duration } from "../output.ts";
import { wantedReplicas } from "../wanted-replicas.ts";
import { type Described, eventRows, eventsHead, iso, messageOf, recentEvents, whenReached } from "./described.ts";

const mostOperations = 5;

/** Describes a cluster by its record, its journal, and what runs. @throws SwarmError SW605 when there is none */
export async function describeCluster(context: Context, cluster: string): Promise<Described> {
  const { settings, signal } = context;
  const view = await viewCluster(context, cluster);
  const isOurs = parseEmbeddedName(cluster) === undefined;
  const row = isOurs ? (await listRows(settings)).get(cluster) : undefined;
  const operations = row === undefined ? [] : await listOperations(settings, { cluster, limit: mostOperations });
  const lifetime = row && (await readLifetime(row, Date.now()).catch(() => undefined));
  const watchers = (await listWatcherLeases(settings)).map(({ name }) => name);
  const reached = await whenReached(context, cluster, view, async (driver) => ({
    tasks: (await countTasks(driver, signal)).total,
    events: await recentEvents(driver, () => true, signal),
  }));
  const agents = agentsOf(view);
  const { record, status } = view ?? {};
  const stack = isOurs ? (await resolveCluster(settings, cluster)).stack : undefined;
  const value = {
    ...{ kind: "cluster", name: cluster, status: row?.status, reason: row?.statusReason ?? undefined, stack },
    blueprint: record && { ...record.blueprint, file: row?.blueprintFile ?? undefined },
    ...{ generation: record?.generation, power: record?.power, place: record?.place, site: record?.site },
    ...{ createdAt: row && iso(row.createdAt), resources: record?.resources, agentServer: status?.api },
    ...{ operation: record?.operation, lifetime, watchers, agents },
    ...{ tasks: reached.value?.tasks, events: reached.value?.events ?? [], unreachable: reached.why },
    operations: operations.map(({ id, kind, status: state, createdAt, endedAt, actor, error }) => ({
      ...{ id, kind, status: state, createdAt: iso(createdAt), endedAt: endedAt === null ? undefined : iso(endedAt) },
      ...{ actor, error: error ?? undefined },
    })),
    lastError: lastErrorOf(operations),
  };
  return {
    value,
    sections: [
      {
        facts: [
          ["Cluster", cluster],
          ["Status", row?.status ?? record?.power],
          ["Reason", row?.statusReason],
          [
            "Blueprint",
            record && `${record.blueprint.id} ${record.blueprint.version} (${record.blueprint.digest.slice(0, 12)})`,
          ],
          ["File", row?.blueprintFile],
          ["Target", targetOf(view)],
          ["Stack", stack],
          ["Generation", record?.generation],
          ["Created", row && iso(row.createdAt)],
          ["Agent server", status?.api ?? "not running"],
          ["Operation", record?.operation && `${record.operation.id} (${record.operation.phase})`],
          ["Lifetime", lifetimeOf(lifetime, watchers)],
          [
            "Tasks",
            reached.value && taskStates.map((state) => `${reached.value?.tasks[state] ?? 0} ${state}`).join(", "),
          ],
          ["Last error", lastErrorOf(operations)?.message],
          ["Not reachable", reached.why],
        ],
      },
      {
        title: "Agents",
        head: ["AGENT", "NAME", "ROLE", "RUNNING", "DESIRED"],
        rows: agents.map(({ agent, name, role, running, desired }) => [agent, name, role, running, desired ?? "-"]),
      },
      {
        title: "Operations",
        head: ["OPERATION", "KIND", "STATUS", "STARTED", "DURATION", "ERROR"],
        rows: operations.map(({ id, kind, status: state, createdAt, endedAt, error }) => [
          ...[id, kind, state, iso(createdAt), endedAt === null ? "-" : duration(endedAt - createdAt)],
          messageOf(error)?.split("\n")[0] ?? "-",
        ]),
      },
      { title: "Events", head: eventsHead, rows: eventRows(reached.value?.events ?? []) },
    ],
  };
}

function agentsOf(view: ClusterView | undefined) {
  const desired = view === undefined ? {} : wantedReplicas(view.record, view.status);
  const present = new Map((view?.status?.agents ?? []).map((agent) => [agent.agent, agent]));
  return [...new Set([...Object.keys(desired), ...present.keys()])].sort().map((agent) => {
    const { name = agent, role = "-", running = 0 } = present.get(agent) ?? {};
    return { agent, name, role, running, desired: desired[agent] };
  });
}

function targetOf(view: ClusterView | undefined): string | undefined {
  const { place, site } = view?.record ?? {};
  const where = [
    place?.context,
    place?.namespace && `namespace ${place.namespace}`,
    site && `${site.host}:${site.dir}`,
  ];
  const known = where.filter((one) => one !== undefined && one !== "");
  return place && `${place.target}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
}

function lifetimeOf(lifetime: Lifetime | undefined, watchers: readonly string[]): string | undefined {
  if (lifetime === undefined) return undefined;
  const kept = watchers.length > 0 ? `kept by ${watchers.join(", ")}` : "nothing keeps it: run swarmctl watch";
  return `${lifetimeWords(lifetime)} (${kept})`;
}

function lastErrorOf(operations: readonly JournalEntry[]) {
  const failed = operations.find(({ error }) => error !== null);
  const message = messageOf(failed?.error);
  return failed === undefined || message === undefined
    ? undefined
    : { operation: failed.id, at: iso(failed.endedAt ?? failed.createdAt), message };
}
