import { readFile } from "node:fs/promises";
import { delimiter } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { isInstalled } from "../optional-packages.ts";
import { childEnvironment } from "../platform/environment/child-environment.ts";
import { parseBackend, type StateBackend } from "./backend.ts";
import { dynamicProviderFolder } from "./engine/index.ts";
import { providerEnvironment } from "./provider-plugins.ts";
import { type DoorOptions, pulumiEnvironment } from "./pulumi-environment.ts";
import { runCommand } from "./run-command.ts";
import type { Settings } from "./settings.ts";

const projectSchema = z.object({ backend: z.object({ url: z.string() }).optional() });

export interface UserProject {
  /** Its Pulumi.yaml. */
  readonly file: string;
  /** Folder that the command was started in. */
  readonly from: string;
  /** The command runs the project's program. */
  readonly runsProgram: boolean;
}

/**
 * Runs the engine's CLI in a user's Pulumi project, with our engine, passphrase, backend and plugins. Leaves locks, stack
 * settings and resources to the engine, as in any Pulumi project.
 *
 * @returns its exit status
 */
export async function runUserProject(
  args: readonly string[],
  { settings, engine, host, tell }: DoorOptions,
  { file, from, runsProgram }: UserProject,
): Promise<number> {
  const backend = backendOf(await readFile(file, "utf8"), settings);
  const variables = await pulumiEnvironment({ ...settings, backend }, engine, host, { mayBeEmpty: true });
  const env: NodeJS.ProcessEnv = { ...settings.env, ...variables };
  if (runsProgram) {
    // The program's targets are unknown until it runs; without the Kubernetes SDK it does not use Kubernetes.
    const names = (["kubernetes", "docker"] as const).filter(
      (name) => name !== "kubernetes" || isInstalled("@pulumi/kubernetes"),
    );
    Object.assign(env, await providerEnvironment(names, engine, { env, tell }));
    const dynamic = await dynamicProviderFolder(engine, env);
    if (dynamic !== undefined) env.PATH = [env.PATH ?? "", dynamic].join(delimiter);
  }
  const child = childEnvironment(env, { isCommandLine: true, isUsersProject: true });
  return runCommand(engine.path, args, { cwd: from, env: child });
}

/** The backend of the environment, else of the project, else of swarmctl. */
export function backendOf(text: string, { env, backend }: Pick<Settings, "env" | "backend">): StateBackend {
  if (env.SWARM_BACKEND || env.PULUMI_BACKEND_URL) return backend;
  const named = projectSchema.safeParse(parseDocument(text).toJS()).data?.backend?.url;
  return named === undefined ? backend : parseBackend(named);
}
