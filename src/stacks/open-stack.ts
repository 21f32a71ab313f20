import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type LocalWorkspaceOptions, type Stack } from "@pulumi/pulumi/automation/index.js";
import { SwarmError } from "../errors.ts";
import { createProgram, type PreparedProgram } from "../program/cluster-program.ts";
import type { StateBackend } from "./backend.ts";
import type { EngineRunRequest } from "./engine-run.ts";
import { packageRoot, project } from "./project.ts";
import type { StackFacts } from "./state.ts";

export interface OpenStackOptions {
  readonly backend: StateBackend;
  /** Folder used only by this engine run. */
  readonly workDir: string;
  /** Undefined if the stack does not exist yet. */
  readonly facts: StackFacts | undefined;
  /** Undefined for a destroy, which runs no program. */
  readonly program: PreparedProgram | undefined;
}

/**
 * Opens the stack of an engine run; creates it for an `up`. A preview of a cluster that does not exist uses a temporary
 * empty backend, and so leaves nothing behind.
 *
 * @throws SwarmError SW605 for a destroy of a stack that does not exist
 */
export async function openStack(
  request: EngineRunRequest,
  { backend, workDir, facts, program }: OpenStackOptions,
): Promise<Stack> {
  const run = async () => (program === undefined ? {} : createProgram(request.cluster, program));
  const inline = { projectName: project, stackName: request.cluster, program: run };
  if (facts !== undefined || request.kind === "up") {
    const options = workspace(backend.url, workDir);
    const stackSettings = facts?.salt === undefined ? {} : { [request.cluster]: { encryptionSalt: facts.salt } };
    return withoutReadback(await LocalWorkspace.createOrSelectStack(inline, { ...options, stackSettings }));
  }
  if (request.kind === "destroy") {
    throw new SwarmError("SW605", `there is no cluster ${request.cluster}`, { hints: ["swarmctl status lists them"] });
  }
  const empty = join(workDir, "backend");
  await mkdir(empty);
  return await LocalWorkspace.createStack(inline, workspace(pathToFileURL(empty).href, workDir));
}

/** Avoids three more starts of the engine after each run, with which the SDK reads outputs and history. */
function withoutReadback(stack: Stack): Stack {
  stack.outputs = async () => ({});
  stack.info = async () => undefined;
  return stack;
}

function workspace(backendUrl: string, workDir: string): LocalWorkspaceOptions {
  const projectSettings = {
    name: project,
    runtime: "nodejs",
    backend: { url: backendUrl },
    // Supported by the engine, missing in the SDK's type: every entry point finds the plugin, without a warning about PATH.
    plugins: { providers: [{ name: "swarmstack", path: join(packageRoot, "plugins", "swarmstack") }] },
  };
  return { workDir, projectSettings, envVars: { PULUMI_BACKEND_URL: backendUrl } };
}
