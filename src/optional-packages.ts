import { createRequire } from "node:module";
import { SwarmError } from "./errors.ts";

/** Packages that only some targets need, with the required major version; optional peers in package.json. */
export const optionalPackages = {
  "@kubernetes/client-node": "2",
  "@pulumi/aws": "7",
  "@pulumi/kubernetes": "4",
} as const;

export type OptionalPackage = keyof typeof optionalPackages;

/**
 * Checks that optional packages are installed.
 *
 * @param purpose the dependent, for the message: "the target aws"
 * @throws SwarmError SW506 with the command that installs the missing ones
 */
export function requirePackages(
  names: readonly OptionalPackage[],
  purpose: string,
  installed: (name: OptionalPackage) => boolean = isInstalled,
): void {
  const missing = names.filter((name) => !installed(name));
  if (missing.length === 0) return;
  const command = `npm install ${missing.map((name) => `${name}@${optionalPackages[name]}`).join(" ")}`;
  throw new SwarmError("SW506", `${purpose} needs packages that are not installed: ${missing.join(", ")}`, {
    hints: [command],
    values: { missing, command },
  });
}

const { resolve } = createRequire(import.meta.url);

/** Returns whether an optional package is installed. */
export function isInstalled(name: OptionalPackage): boolean {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
