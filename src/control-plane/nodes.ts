import { z } from "zod";
import { type Connection, connect } from "./client.ts";
import { listAll } from "./list.ts";
import { quantityOf } from "./quantity.ts";

/** The properties of a node that matter for scheduling. */
export interface ClusterNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Keys of the taints that keep pods away. */
  readonly taints: readonly string[];
  /** "cpu" in millicores, "memory" in bytes, extended resources by name. */
  readonly allocatable: Readonly<Record<string, number>>;
}

const nodeSchema = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]) }).prefault({}),
  status: z.object({ allocatable: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** All nodes of a control plane. @throws SwarmError SW612 if it does not answer, ApiFailure 403 without permission to list nodes */
export async function listNodes(connection: Connection): Promise<readonly ClusterNode[]> {
  const { api } = await connect(connection);
  const { items } = await listAll(api, { path: "/api/v1/nodes" });
  return items.map((item) => {
    const { metadata, spec, status } = nodeSchema.parse(item);
    return {
      ...metadata,
      taints: spec.taints.flatMap(({ key, effect }) => (effect === "PreferNoSchedule" ? [] : [key])),
      allocatable: Object.fromEntries(
        Object.entries(status.allocatable).map(([name, quantity]) => {
          const amount = quantityOf(quantity) ?? 0;
          return [name, name === "cpu" ? Math.round(amount * 1000) : amount];
        }),
      ),
    };
  });
}
