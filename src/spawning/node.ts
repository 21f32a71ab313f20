/** Kinds of nodes. Programs may register more (`NodeFactory.register`). */
export const NodeType = { MODEL: "model" } as const;
export type NodeType = (typeof NodeType)[keyof typeof NodeType] | (string & {});

/** Settings of a node; the schema of its type decides which there are. */
export type NodeSettings = Readonly<Record<string, unknown>>;

/** What a node is made from. */
export interface NodeDefinition {
  readonly id: string;
  readonly type: NodeType;
  readonly name: string;
  readonly config: NodeSettings;
}

export interface NodeStats {
  /** Share of executions that succeeded, 0 to 1; 1 without executions. */
  readonly successRate: number;
  readonly totalExecutions: number;
}

/** A node that exists. */
export interface BaseNode {
  readonly id: string;
  readonly definition: NodeDefinition;
  /** From the heartbeats of its instances, where it is an agent of a cluster. */
  readonly stats: NodeStats;
  /** Resolves when an instance of it runs; at once for a node in memory. */
  ready(): Promise<void>;
}
