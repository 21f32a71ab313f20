import { SwarmError } from "../errors.ts";

/** An AgentCluster in the stack of a user's Pulumi program. */
export interface EmbeddedName {
  /** "organization" on backends without organizations. */
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** Name of the component, or of the cluster. */
  readonly name: string;
}

/**
 * Parses `project/stack/name` or `organization/project/stack/name`; undefined for the name of a cluster of swarmctl.
 *
 * @example parseEmbeddedName("shop/dev/team")
 */
export function parseEmbeddedName(text: string): EmbeddedName | undefined {
  const parts = text.split("/");
  if (parts.length < 3 || parts.length > 4 || parts.includes("")) return undefined;
  const [name = "", stack = "", project = "", organization = "organization"] = parts.reverse();
  return { organization, project, stack, name };
}

/** @throws SwarmError SW628 for the name of an embedded cluster, which only its program changes */
export function refuseEmbedded(named: string): void {
  const embedded = parseEmbeddedName(named);
  if (embedded === undefined) return;
  const { project, stack, name } = embedded;
  throw new SwarmError("SW628", `${name} in stack ${project}/${stack} belongs to the Pulumi program of that project`, {
    hints: [
      "change the AgentCluster in the program, then: swarmctl pulumi up",
      "status, agents, logs, exec, events and task take --stack",
    ],
    values: { project, stack, name },
  });
}
