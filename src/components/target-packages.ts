import type { TargetKind } from "../blueprint/model.ts";
import { type OptionalPackage, requirePackages } from "../optional-packages.ts";
import { targets } from "../targets/targets.ts";

/**
 * Checks that npm has installed the packages of a target.
 *
 * @throws SwarmError SW506 with the command that installs those that are missing
 */
export function requireTargetPackages(kind: TargetKind, isInstalled?: (name: OptionalPackage) => boolean): void {
  requirePackages(targets[kind].packages, `the target ${kind}`, isInstalled);
}
