import { SwarmError } from "../../../errors.ts";
import type { Kind } from "../kind.ts";
import { type KubeObject, textAt } from "../object.ts";

/**
 * Refuses what this plugin does not do, in words.
 *
 * @throws SwarmError SW733
 */
export function refuseUnsupported(kind: Kind, type: string, inputs: KubeObject): void {
  if (kind.kind.endsWith("List") && Array.isArray(inputs.items)) {
    throw new SwarmError(
      "SW733",
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. " +
        "Use the underlying resource type instead",
    );
  }
  if (textAt(inputs, "metadata", "generateName") !== undefined) {
    throw new SwarmError("SW733", "the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  const isPatch = type.endsWith("Patch") && !type.endsWith(`:${kind.kind}`);
  if (isPatch || type.startsWith("kubernetes:helm.sh/") || type.startsWith("kubernetes:kustomize")) {
    throw new SwarmError("SW733", `the offline kubernetes plugin has no ${type}; install the official one for it`);
  }
}
