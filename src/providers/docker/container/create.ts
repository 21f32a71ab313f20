import { createHash } from "node:crypto";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import type { CreateRequest } from "../../base/resource.ts";
import { InitializationFailed } from "../../base/resource.ts";
import { changing, type Daemon, isConflict, orGone } from "../daemon.ts";
import { previewOutputs } from "../fields/outputs.ts";
import { inputsLabel, isOwn, notOurs, ownedBy, ownerLabel } from "../owner.ts";
import { bodyOf } from "./body.ts";
import { completeContainer } from "./complete.ts";
import { type ContainerInputs, containerFields, containerSchema, containerTells } from "./inputs.ts";
import { containerOutputs } from "./observed.ts";

/**
 * Creates and completes a container. Resumes one that an earlier run left incomplete, or replaces it if the inputs have
 * changed since.
 *
 * @throws InitializationFailed when the container exists but did not start
 */
export async function createContainer(request: CreateRequest, daemon: Daemon) {
  const { inputs: properties, preview } = request;
  if (preview) return { id: "", outputs: previewOutputs(containerFields, properties, containerTells) };
  const inputs = containerSchema.parse(properties);
  const id = await makeOrAdopt(inputs, request, daemon);
  const look = async () =>
    containerOutputs(properties, await daemon.ask((client) => client.getContainer(id).inspect()));
  try {
    await completeContainer(id, inputs, request, daemon);
  } catch (error) {
    const outputs = await look().catch(() => properties);
    throw new InitializationFailed(id, outputs, [error instanceof Error ? error.message : String(error)]);
  }
  return { id, outputs: await look() };
}

async function makeOrAdopt(inputs: ContainerInputs, request: CreateRequest, daemon: Daemon): Promise<string> {
  const body = bodyOf(inputs);
  const make = async () => {
    const labels = { ...body.Labels, [ownerLabel]: ownedBy(daemon.owner(request)), [inputsLabel]: digestOf(body) };
    return (await daemon.ask((client) => client.createContainer({ ...body, Labels: labels }))).id;
  };
  const what = `container ${inputs.name} cannot be created`;
  try {
    return await make();
  } catch (error) {
    if (!isConflict(error)) return await changing(what, Promise.reject(error));
  }
  const there = await orGone(daemon.ask((client) => client.getContainer(inputs.name).inspect()));
  if (there !== undefined) {
    if (!isOwn(there.Config.Labels, daemon.owner(request)))
      throw notOurs("container", inputs.name, there.Config.Labels);
    if (isAsWanted(there, body, inputs)) return there.Id;
    await orGone(daemon.ask((client) => client.getContainer(there.Id).remove({ force: true })));
  }
  return await changing(what, make());
}

/** Whether an existing container matches the inputs. Uploaded files cannot be compared, so a container that has run with them does not match. */
function isAsWanted(
  { Config, State }: ContainerInspectInfo,
  body: ContainerCreateOptions,
  inputs: ContainerInputs,
): boolean {
  const env = new Set(Config.Env);
  const hasEnv = (body.Env ?? []).every((variable) => env.has(variable));
  const hasFiles = inputs.uploads === undefined || State.Status === "created";
  return Config.Labels[inputsLabel] === digestOf(body) && hasEnv && hasFiles;
}

/** Excludes environment variables: they may be secrets, and the digest of a guessable value reveals it. */
function digestOf({ Env: _env, ...body }: ContainerCreateOptions): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}
