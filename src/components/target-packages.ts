import type { TargetKind } from "../blueprint/model.ts";
import { type OptionalPackage, requirePackages } from "../optional-packages.ts";

const kubernetes = ["@pulumi/kubernetes", "@kubernetes/client-node"] as const;

/** What each target needs of the packages that are not installed with this one. */
const packages: Readonly<Record<TargetKind, readonly OptionalPackage[]>> = {
  local: [],
  docker: [],
  kubernetes,
  aws: ["@pulumi/aws", ...kubernetes],
  fly: [],
};

/**
 * Checks that npm has installed the packages of a target.
 *
 * @throws SwarmError SW506 with the command that installs those that are missing
 */
export function requireTargetPackages(kind: TargetKind, isInstalled?: (name: OptionalPackage) => boolean): void {
  requirePackages(packages[kind], `the target ${kind}`, isInstalled);
}
