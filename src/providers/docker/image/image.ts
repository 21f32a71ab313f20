import type { ImageInspectInfo } from "dockerode";
import { isRecord } from "../../../platform/json.ts";
import type {
  CallContext,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  Resource,
  UpdateRequest,
} from "../../base/resource.ts";
import { type Properties, unknownValue } from "../../base/values.ts";
import { changing, type Daemon, isConflict, orGone } from "../daemon.ts";
import { canonical } from "../fields/canonical.ts";
import { checkInputs } from "../fields/check-inputs.ts";
import { diffFields } from "../fields/diff-fields.ts";
import { buildImage } from "./build.ts";
import { builtFields, type ImageInputs, imageFields, imageSchema } from "./inputs.ts";
import { pullImage } from "./pull.ts";
import { digestOf, isPinned, registryOf } from "./reference.ts";
import { authFor } from "./registry-auth.ts";

/** Time limit for a registry to resolve a tag. */
const registryAnswersWithinMs = 5_000;

export function imageResource(daemon: () => Daemon): Resource {
  return {
    check: async (request) => checkInputs(imageSchema, request.news),
    diff: async (request) => diffImage(request),
    create: (request) => createImage(request, daemon()),
    read: (request) => readImage(request, daemon()),
    update: (request) => updateImage(request, daemon()),
    delete: (request) => deleteImage(request, daemon()),
  };
}

/** A refresh that finds a moved tag records its digest and clears the image id, which is a change. */
function diffImage(request: DiffRequest) {
  const { olds, news } = request;
  const compared = isBuiltElsewhere(request) ? { ...request, olds: { ...olds, build: news.build } } : request;
  const { changes, ...rest } = diffFields(news.build === undefined ? imageFields : builtFields, compared);
  return { ...rest, changes: olds.imageId === "" ? { ...changes, repoDigest: "update" as const } : changes };
}

/** Whether only the folder's path differs: equal triggers mean equal content, as in another checkout. */
function isBuiltElsewhere({ olds, news }: DiffRequest): boolean {
  if (!isRecord(olds.build) || !isRecord(news.build) || canonical(news.triggers) === undefined) return false;
  const but = ({ build, triggers }: Properties) => canonical({ ...(isRecord(build) && build), context: "", triggers });
  return JSON.stringify(but(olds)) === JSON.stringify(but(news));
}

async function createImage(request: CreateRequest, daemon: Daemon) {
  const { inputs, preview } = request;
  if (preview) return { id: "", outputs: { ...inputs, imageId: unknownValue, repoDigest: unknownValue } };
  const wanted = imageSchema.parse(inputs);
  const { name, build, pullTriggers = [] } = wanted;
  const local = build === undefined ? await inspect(name, daemon) : undefined;
  const found = local !== undefined && isTriggered(local, pullTriggers) ? local : await make(wanted, request, daemon);
  return { id: idOf(found, name), outputs: outputsFor(inputs, found) };
}

/** Whether the local image matches the triggers: it has one of their digests, or there are none. */
function isTriggered({ RepoDigests }: ImageInspectInfo, triggers: readonly string[]): boolean {
  const digests = new Set((RepoDigests ?? []).map((digest) => digest.split("@").at(-1)));
  return triggers.length === 0 || triggers.some((trigger) => digests.has(trigger.split("@").at(-1)));
}

async function readImage({ id, olds, oldInputs, ...context }: ReadRequest, daemon: Daemon) {
  // The resource's id is the image id followed by the name.
  const name = String(oldInputs.name ?? olds.name ?? id.replace(/^sha256:[0-9a-f]{64}/, ""));
  const found = await inspect(name, daemon);
  if (found === undefined) return undefined;
  const inputs = Object.keys(oldInputs).length > 0 ? oldInputs : { name, keepLocally: true };
  const outputs = outputsFor(inputs, found);
  const moved = await movedTo(name, found, daemon);
  if (moved === undefined) return { id: idOf(found, name), inputs, outputs };
  context.log.info(`${name} is another image in its registry now: ${moved}`);
  return { id: idOf(found, name), inputs, outputs: { ...outputs, imageId: "", repoDigest: moved } };
}

/** The registry's digest of a tag, as `repository@sha256:...`, if it differs from the local image; undefined also without a registry or an answer. */
async function movedTo(name: string, image: ImageInspectInfo, daemon: Daemon): Promise<string | undefined> {
  const [repository, known] = digestOf(name, image.RepoDigests ?? []).split("@");
  if (isPinned(name) || known === undefined) return undefined;
  try {
    const abortSignal = AbortSignal.timeout(registryAnswersWithinMs);
    const authconfig = await authFor(registryOf(name), daemon.registries);
    const answer = await daemon.ask((client) =>
      client.getImage(name).distribution({ abortSignal, ...(authconfig && { authconfig }) }),
    );
    const { digest } = answer.Descriptor;
    return digest === known ? undefined : `${repository}@${digest}`;
  } catch {
    return undefined;
  }
}

/** Rebuilds a built image, or pulls one whose tag has moved; any other update changes only the state. */
async function updateImage({ news, olds, preview, ...context }: UpdateRequest, daemon: Daemon): Promise<Properties> {
  const anew = news.build !== undefined || olds.imageId === "";
  if (preview) {
    // The digest of a moved tag is known already.
    const repoDigest = news.build === undefined ? olds.repoDigest : unknownValue;
    return anew ? { ...news, imageId: unknownValue, repoDigest } : { ...olds, ...news };
  }
  const inputs = imageSchema.parse(news);
  const found = (anew ? undefined : await inspect(inputs.name, daemon)) ?? (await make(inputs, context, daemon));
  return outputsFor(news, found);
}

async function deleteImage({ olds }: DeleteRequest, daemon: Daemon): Promise<void> {
  if (olds.keepLocally === true) return;
  const name = String(olds.name);
  await orGone(daemon.ask((client) => client.getImage(name).remove({ force: olds.forceRemove === true }))).catch(
    async (error: unknown) => {
      if (!isConflict(error)) throw error;
      await changing(`image ${name} cannot be removed`, Promise.reject(error));
    },
  );
}

async function make(
  inputs: ImageInputs,
  context: Pick<CallContext, "log" | "signal" | "urn">,
  daemon: Daemon,
): Promise<ImageInspectInfo> {
  const { name, build, platform } = inputs;
  if (build !== undefined) await buildImage({ ...inputs, build }, context, daemon);
  else await pullImage(name, platform, context, daemon);
  return await daemon.ask((client) => client.getImage(name).inspect());
}

function inspect(name: string, daemon: Daemon): Promise<ImageInspectInfo | undefined> {
  return orGone(daemon.ask((client) => client.getImage(name).inspect()));
}

/** In the official provider's format. */
const idOf = ({ Id }: ImageInspectInfo, name: string): string => `${Id}${name}`;

function outputsFor(inputs: Properties, image: ImageInspectInfo): Properties {
  return { ...inputs, imageId: image.Id, repoDigest: digestOf(String(inputs.name), image.RepoDigests ?? []) };
}
