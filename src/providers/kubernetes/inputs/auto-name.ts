import { createHash } from "node:crypto";
import { SwarmError } from "../../../errors.ts";
import { recordAt, textAt } from "../../../platform/json.ts";
import type { Autonaming } from "../../base/resource.ts";
import { annotated, annotationOf, type KubeObject, nameOf } from "../object.ts";

const autonamed = "pulumi.com/autonamed";

export interface NameSource {
  /** The resource's name in the program. */
  readonly resource: string;
  /** Inputs as last checked. */
  readonly olds: KubeObject | undefined;
  readonly seed: Uint8Array;
  readonly autonaming: Autonaming | undefined;
}

/**
 * Adds a name to the inputs. Keeps a generated name; omits one that the program has removed, so that the diff replaces the
 * object and the engine generates a name.
 *
 * @throws SwarmError SW733 when automatic names are disabled
 */
export function withName(inputs: KubeObject, { resource, olds, seed, autonaming }: NameSource): KubeObject {
  if (textAt(inputs, "metadata", "name") !== undefined) return inputs;
  if (olds !== undefined && nameOf(olds) !== "") {
    return isAutonamed(olds) ? named(inputs, nameOf(olds)) : inputs;
  }
  if (autonaming?.mode === "disable") {
    throw new SwarmError("SW733", "autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  return named(inputs, autonaming?.name ?? `${resource}-${suffix(seed)}`);
}

export function isAutonamed(object: KubeObject): boolean {
  return annotationOf(object, autonamed) === "true";
}

function named(inputs: KubeObject, name: string): KubeObject {
  return annotated({ ...inputs, metadata: { ...recordAt(inputs, "metadata"), name } }, autonamed, "true");
}

function suffix(seed: Uint8Array): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, 8);
}
