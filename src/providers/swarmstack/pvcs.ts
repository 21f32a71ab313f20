import { z } from "zod";
import { connectOnce } from "../../control-plane/client.ts";
import { deadlineSignal } from "../../control-plane/follow.ts";
import { deletePvcs, growPvcs, untilNoPvcs } from "../../control-plane/pvcs.ts";
import { SwarmError } from "../../errors.ts";
import { keepState } from "../../plan/kept-state.ts";
import { throwIfInterrupted } from "../../platform/wait.ts";
import { changedPaths } from "../base/diff.ts";
import type { CheckResult, Resource } from "../base/resource.ts";
import { hasUnknown, type Properties } from "../base/values.ts";

const inputsSchema = z.object({
  connection: z.object({ kubeconfig: z.string().optional(), context: z.string().optional() }),
  namespace: z.string(),
  selector: z.string(),
});

const stateSchema = z.object({
  agent: z.string(),
  shape: z.enum(["ordered", "single"]),
  sizeBytes: z.number(),
});

const deleteTimeoutMs = 120_000;

/** Properties that identify the claims; a change replaces the resource. */
const identity = ["namespace", "selector"];

/**
 * `swarmstack:index:Claims`: the claims that an agent's StatefulSets create. The sets never delete them, as an instance's state
 * outlives it; this resource deletes them after the sets, when the agent is removed. A set applies its size only to new
 * claims, so this resource expands existing ones.
 */
export const pvcs: Resource = {
  check: async ({ olds, news }) => checkState(olds, news),
  diff: async ({ oldInputs, news }) => ({
    changes: Object.fromEntries(
      Object.keys(changedPaths(oldInputs, news)).map((path) => [
        path,
        identity.includes(path) ? "update-replace" : "update",
      ]),
    ),
  }),
  create: async ({ urn, inputs }) => ({ id: urn, outputs: inputs }),
  read: async ({ id, olds, oldInputs }) => ({ id, inputs: oldInputs, outputs: olds }),

  async update({ oldInputs, news, preview }) {
    // In a preview the kubeconfig may be an output of the same update.
    if (hasUnknown(news)) return news;
    const { connection, namespace, selector } = inputsSchema.parse(news);
    const { sizeBytes } = stateSchema.parse(news.state);
    const old = stateSchema.safeParse(oldInputs.state).data;
    if (old?.sizeBytes !== sizeBytes) {
      await growPvcs(await connectOnce(connection), namespace, selector, sizeBytes, preview);
    }
    return news;
  },

  async delete({ olds, signal, timeoutMs, log }) {
    const { connection, namespace, selector } = inputsSchema.parse(olds);
    const client = await connectOnce(connection);
    await deletePvcs(client, namespace, selector);
    const tell = (names: readonly string[]) => log.progress(`${names.length} claims are still in use`);
    const deadline = deadlineSignal(timeoutMs ?? deleteTimeoutMs, signal);
    const left = await untilNoPvcs(client, namespace, selector, tell, deadline);
    throwIfInterrupted(signal);
    if (left.length > 0) throw new Error(`claims are still in use: ${left.join(", ")}`);
    log.progress("");
  },
};

/** Resources recorded before `state` existed have nothing to compare. */
function checkState(olds: Properties | undefined, news: Properties): CheckResult {
  const old = stateSchema.safeParse(olds?.state);
  if (!old.success) return { inputs: news };
  try {
    keepState(old.data, stateSchema.parse(news.state));
    return { inputs: news };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return { inputs: news, failures: [{ property: "", reason: [error.message, ...error.hints].join("; ") }] };
  }
}
