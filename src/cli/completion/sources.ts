import { listTasks } from "../../drivers/control/task-calls.ts";
import { listNamed } from "../../lifecycle/records/cluster-names.ts";
import { listOperations } from "../../lifecycle/records/journal.ts";
import { agentRows, withDriver } from "../clusters.ts";
import type { Context } from "../context.ts";
import type { Sources } from "./candidates.ts";

const mostOperations = 50;
const mostTasks = 50;

/** Names of existing objects. A completion never builds an engine, and has no candidates if a lookup fails. */
export function sourcesOf(context: Context): Sources {
  const patient = { ...context, engine: () => Promise.reject(new Error("a completion needs no engine")) };
  const none = () => [];
  const rows = (cluster: string | undefined) =>
    withDriver(patient, cluster, async (driver, name) => agentRows(name, await driver.status(context.signal))).catch(
      none,
    );
  return {
    clusters: async () => (await listNamed(context.settings, patient.engine).catch(none)).map(({ cluster }) => cluster),
    instances: async (cluster) => (await rows(cluster)).map(({ instance }) => instance),
    agents: async (cluster) => (await rows(cluster)).map(({ agent }) => agent),
    operations: async () =>
      (await listOperations(context.settings, { limit: mostOperations }).catch(none)).map(
        ({ id, kind, cluster, status }) => ({ word: id, description: `${kind} of ${cluster}, ${status}` }),
      ),
    tasks: (cluster) =>
      withDriver(patient, cluster, async (driver) =>
        (await listTasks(driver, { limit: mostTasks }, context.signal)).items.map(({ id, state }) => ({
          word: id,
          description: state,
        })),
      ).catch(none),
  };
}
