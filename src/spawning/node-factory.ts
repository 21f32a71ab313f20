import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { type BaseNode, type NodeDefinition, type NodeSettings, NodeType } from "./node.ts";

/** Settings of a node that runs a language model. */
const modelSchema = z.strictObject({
  model: z.string().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.int().min(1).optional(),
  system_prompt: z.string().optional(),
});

/** How nodes of a type are made. */
export interface NodeKind {
  /** Checks the settings; unknown keys are its to refuse. */
  readonly schema: z.ZodType<NodeSettings>;
  readonly create: (definition: NodeDefinition) => BaseNode;
}

const kinds = new Map<string, NodeKind>([[NodeType.MODEL, { schema: modelSchema, create: inMemory }]]);

/** Makes nodes from definitions. Pure: it starts nothing. */
export const NodeFactory = {
  /** Adds a type of nodes, or replaces it. */
  register(type: string, kind: NodeKind): void {
    kinds.set(type, kind);
  },

  /** @throws SwarmError SW741 when the type is not registered, or its settings are not valid */
  createFromDefinition(definition: NodeDefinition): BaseNode {
    return kindOf(definition).create(checked(definition));
  },

  /**
   * A node with the settings of a template and those that replace them.
   * @throws as `createFromDefinition`
   */
  createFromTemplate(template: NodeDefinition, newId: string, configOverrides: NodeSettings = {}): BaseNode {
    return NodeFactory.createFromDefinition(derived(template, newId, configOverrides));
  },

  /**
   * The definition of a node like another one.
   * @throws as `createFromDefinition`
   */
  cloneNodeDefinition(node: BaseNode, newId: string, modifications: NodeSettings = {}): NodeDefinition {
    return checked(derived(node.definition, newId, modifications));
  },
};

function derived({ type, name, config }: NodeDefinition, id: string, changes: NodeSettings): NodeDefinition {
  return { id, type, name, config: { ...config, ...changes } };
}

function checked(definition: NodeDefinition): NodeDefinition {
  const parsed = kindOf(definition).schema.safeParse(definition.config);
  if (parsed.success) return { ...definition, config: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(": "));
  throw new SwarmError("SW741", `the settings of node ${definition.id} are not valid: ${problems.join("; ")}`, {
    values: { id: definition.id, type: definition.type, problems },
  });
}

function kindOf({ id, type }: NodeDefinition): NodeKind {
  const kind = kinds.get(type);
  if (kind !== undefined) return kind;
  const known = [...kinds.keys()].sort();
  throw new SwarmError(
    "SW741",
    `node ${id} is of type ${type}, which is not registered; there are ${known.join(", ")}`,
    {
      values: { id, type, known },
    },
  );
}

function inMemory(definition: NodeDefinition): BaseNode {
  return {
    id: definition.id,
    definition,
    stats: { successRate: 1, totalExecutions: 0 },
    ready: () => Promise.resolve(),
  };
}
