import { z } from "zod";
import { deleteClaims, listClaims } from "../../control-plane/claims.ts";
import { connectOnce } from "../../control-plane/client.ts";
import { poll } from "../../runtime/wait.ts";
import { changedPaths } from "../base/diff.ts";
import type { Resource } from "../base/resource.ts";

const inputsSchema = z.object({
  connection: z.object({ kubeconfig: z.string().optional(), context: z.string().optional() }),
  namespace: z.string(),
  selector: z.string(),
});

const deleteTimeoutMs = 120_000;

/** A change of one of these means other claims. */
const identity = ["namespace", "selector"];

/**
 * `swarmstack:index:Claims`: the claims that the sets of an agent make. No set deletes them, as what an instance knows outlives
 * it; so they are deleted with this, after the sets, when the agent itself goes.
 */
export const claims: Resource = {
  check: async ({ news }) => ({ inputs: news }),
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
  update: async ({ news }) => news,

  async delete({ olds, signal, timeoutMs, log }) {
    const { connection, namespace, selector } = inputsSchema.parse(olds);
    const client = await connectOnce(connection);
    await deleteClaims(client, namespace, selector);
    let left: readonly string[] = [];
    const gone = await poll(
      async () => {
        left = await listClaims(client, namespace, selector);
        if (left.length > 0) log.progress(`${left.length} claims are still in use`);
        return left.length === 0 || undefined;
      },
      { deadlineMs: timeoutMs ?? deleteTimeoutMs, intervalMs: 200, signal },
    );
    if (gone === undefined) throw new Error(`claims are still in use: ${left.join(", ")}`);
    log.progress("");
  },
};
