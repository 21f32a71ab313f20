import type { V1Node } from "@kubernetes/client-node";
import { type Connection, calling, connect } from "./client.ts";

/** A node, as far as a scheduler asks. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Keys of the taints that keep pods away. */
  readonly taints: readonly string[];
  /** "cpu" in millicores, "memory" in bytes, extended resources by name. */
  readonly allocatable: Readonly<Record<string, number>>;
}

const pageSize = 500;

/** All nodes of a control plane. @throws SwarmError SW612 where it does not answer, ApiFailure 403 where nodes may not be seen */
export async function listNodes(connection: Connection): Promise<readonly ClusterNode[]> {
  const client = await connect(connection);
  const { quantityToScalar } = await import("@kubernetes/client-node/dist/util.js");
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  const nodes: V1Node[] = [];
  let token: string | undefined;
  do {
    const page = await calling(client, () =>
      api.listNode({ limit: pageSize, ...(token !== undefined && { _continue: token }) }),
    );
    nodes.push(...page.items);
    token = page.metadata?._continue || undefined;
  } while (token !== undefined);
  return nodes.map(({ metadata, spec, status }) => ({
    name: metadata?.name ?? "",
    labels: metadata?.labels ?? {},
    taints: (spec?.taints ?? []).flatMap(({ key, effect }) => (effect === "PreferNoSchedule" ? [] : [key])),
    allocatable: Object.fromEntries(
      Object.entries(status?.allocatable ?? {}).map(([name, quantity]) => {
        const amount = Number(quantityToScalar(quantity));
        return [name, name === "cpu" ? Math.round(amount * 1000) : amount];
      }),
    ),
  }));
}
