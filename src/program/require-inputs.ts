import { accessSync, constants, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { BlueprintSource } from "../blueprint/load.ts";
import { locateKey } from "../blueprint/locate-key.ts";
import type { SecretReference } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A missing value or file that a blueprint refers to. */
interface MissingInput {
  /** Place in the blueprint. */
  readonly path: readonly (string | number)[];
  readonly lack: string;
}

/**
 * Checks, before anything is created, that the values of secrets and the files of a plan exist. Does not check secrets in the
 * stack's configuration or in Kubernetes.
 *
 * @throws SwarmError SW641 with all missing inputs and their positions in the file
 */
export function requireInputs(
  plan: Plan,
  { folder, source }: { readonly folder: string; readonly source: BlueprintSource | undefined },
  env: Environment,
): void {
  const missing = missingInputs(plan, folder, env);
  if (missing.length === 0) return;
  const lines = missing.map(({ path, lack }) => `${locateKey(source, [path])}: ${lack}`);
  throw new SwarmError("SW641", lines.join("\n"), {
    hints: ["nothing was changed; set what is missing, then repeat the command"],
    values: { file: source?.file, missing: missing.map(({ path, lack }) => ({ path: path.join("."), lack })) },
  });
}

function missingInputs(
  {
    secrets,
    shared,
    network,
    agents,
  }: Pick<Plan, "secrets" | "shared" | "agents"> & { network: Pick<Plan["network"], "redis"> },
  folder: string,
  env: Environment,
): readonly MissingInput[] {
  const { redis } = network;
  const ofRedis: MissingInput[] =
    redis?.kind === "env" && !env[redis.variable]
      ? [{ path: ["cluster", "target"], lack: `the queue has no Redis: ${unset(redis.variable)}` }]
      : [];
  const ofSecrets = Object.entries(secrets).flatMap(([name, reference]): MissingInput[] => {
    const lack = lackOf(reference, folder, env);
    return lack === undefined ? [] : [{ path: ["secrets", name], lack: `secret ${name} has no value: ${lack}` }];
  });
  const ofKnowledge = shared.knowledge.flatMap(({ name, path }, index): MissingInput[] => {
    if (isReadable(resolve(folder, path))) return [];
    const lack = `knowledge ${name} cannot be read: there is no file or folder ${path}`;
    return [{ path: ["cluster", "shared", "knowledge", index, "path"], lack }];
  });
  const ofImages = agents.flatMap(({ image: { build } }, index): MissingInput[] =>
    build === undefined || isReadable(resolve(folder, build))
      ? []
      : [{ path: ["agents", index, "image"], lack: `the image cannot be built: there is no folder ${build}` }],
  );
  return [...ofSecrets, ...ofKnowledge, ...ofImages, ...ofRedis];
}

function unset(variable: string): string {
  return `the environment variable ${variable} is not set or empty`;
}

function lackOf(reference: SecretReference, folder: string, env: Environment): string | undefined {
  switch (reference.kind) {
    case "env":
      return env[reference.variable] ? undefined : unset(reference.variable);
    case "file":
      return hasText(resolve(folder, reference.path))
        ? undefined
        : `the file ${reference.path} is missing, not readable or empty`;
    case "config":
    case "kubernetes":
      return undefined;
    default:
      return reference satisfies never;
  }
}

function hasText(path: string): boolean {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "") !== "";
  } catch {
    return false;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
