import { processLimits, stringBytes } from "../../platform/process-limits.ts";
import { known } from "../shape/shape.ts";
import { limits } from "../source/limits.ts";
import { type Node, nodeAt } from "../source/tree.ts";
import type { RuleContext } from "./context.ts";
import { nameOf } from "./hierarchy.ts";

/** Checks that a process can be started with all that an agent has, and that its settings fit into one file. */
export function checkSizes(context: RuleContext): void {
  const { draft, agents, root, report, key } = context;
  const common = known(draft.defaults) ? sizeOfEnv(draft.defaults.env) : 0;
  const sizes = new Map<Node, number>();
  for (const agent of agents) {
    const { env, command } = agent.draft;
    const words = known(command) ? command.filter(known) : [];
    const bytes = common + sizeOfEnv(env) + words.reduce((sum, word) => sum + stringBytes(word), 0);
    const name = nameOf(agent);
    if (bytes > processLimits.totalBytes) {
      const values = { name, what: "command and environment", bytes, limit: processLimits.totalBytes };
      report("SW365", key([...agent.path, env === undefined ? "command" : "env"]), values);
    }
    const settings = ["config", "labels"] as const;
    const nodes = settings.flatMap((part) => nodeAt(root, [...agent.path, part]) ?? []);
    const size = nodes.reduce((sum, node) => sum + sizeOf(node, sizes), 0);
    if (size > limits.settings) {
      const part = settings.find((one) => agent.draft[one] !== undefined) ?? "config";
      report("SW365", key([...agent.path, part]), { name, what: "settings", bytes: size, limit: limits.settings });
    }
  }
}

function sizeOfEnv(env: unknown): number {
  if (typeof env !== "object" || env === null) return 0;
  return Object.entries(env).reduce((sum, [name, value]) => sum + stringBytes(`${name}=${String(value)}`), 0);
}

/** Bytes of a value as JSON, or a little more; a value with several aliases is measured once. */
function sizeOf(node: Node, known: Map<Node, number>): number {
  const found = known.get(node);
  if (found !== undefined) return found;
  const size = measure(node, known);
  known.set(node, size);
  return size;
}

function measure(node: Node, known: Map<Node, number>): number {
  switch (node.kind) {
    case "broken":
      return 0;
    case "scalar":
      return Buffer.byteLength(JSON.stringify(node.value ?? null)) + 1;
    case "list":
      return node.items.reduce((sum, item) => sum + sizeOf(item, known), 2);
    case "map": {
      let sum = 2;
      for (const [key, { value }] of node.entries) sum += Buffer.byteLength(key) + 4 + sizeOf(value, known);
      return sum;
    }
  }
}
