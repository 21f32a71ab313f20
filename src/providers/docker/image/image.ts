import type { ImageInspectInfo } from "dockerode";
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
import { checkInputs } from "../fields/check-inputs.ts";
import { diffFields } from "../fields/diff-fields.ts";
import { type ImageInputs, imageFields, imageSchema } from "./inputs.ts";
import { pullImage } from "./pull.ts";
import { digestOf, isPinned } from "./reference.ts";

/** How long a registry may take to tell where a tag is. */
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

/** A refresh that finds the tag elsewhere leaves no image id: that is a change of its own. */
function diffImage(request: DiffRequest) {
  const { changes, ...rest } = diffFields(imageFields, request);
  return { ...rest, changes: request.olds.imageId === "" ? { ...changes, imageId: "update" as const } : changes };
}

async function createImage(request: CreateRequest, daemon: Daemon) {
  const { inputs, preview } = request;
  if (preview) return { id: "", outputs: { ...inputs, imageId: unknownValue, repoDigest: unknownValue } };
  const { name, pullTriggers = [], ...wanted } = imageSchema.parse(inputs);
  const local = await inspect(name, daemon);
  const found =
    local !== undefined && isTriggered(local, pullTriggers) ? local : await pull({ name, ...wanted }, request, daemon);
  return { id: idOf(found, name), outputs: outputsFor(inputs, found) };
}

/** What is here is what the triggers ask for: it has one of their digests, or there are none. */
function isTriggered({ RepoDigests }: ImageInspectInfo, triggers: readonly string[]): boolean {
  const digests = new Set((RepoDigests ?? []).map((digest) => digest.split("@").at(-1)));
  return triggers.length === 0 || triggers.some((trigger) => digests.has(trigger.split("@").at(-1)));
}

async function readImage({ id, olds, oldInputs, ...context }: ReadRequest, daemon: Daemon) {
  // An id is the image's own with the name behind it.
  const name = String(oldInputs.name ?? olds.name ?? id.replace(/^sha256:[0-9a-f]{64}/, ""));
  const found = await inspect(name, daemon);
  if (found === undefined) return undefined;
  const inputs = Object.keys(oldInputs).length > 0 ? oldInputs : { name, keepLocally: true };
  const outputs = outputsFor(inputs, found);
  const moved = await movedTo(name, found, daemon);
  if (moved === undefined) return { id: idOf(found, name), inputs, outputs };
  context.log.info(`${name} is another image in its registry now: ${moved}`);
  return { id: idOf(found, name), inputs, outputs: { ...outputs, imageId: "" } };
}

/** The digest that a tag has in its registry, if it is another; undefined also where nobody answers, or nobody can. */
async function movedTo(name: string, image: ImageInspectInfo, daemon: Daemon): Promise<string | undefined> {
  const known = digestOf(name, image.RepoDigests ?? [])
    .split("@")
    .at(-1);
  if (isPinned(name) || !known) return undefined;
  try {
    const abortSignal = AbortSignal.timeout(registryAnswersWithinMs);
    const answer = await daemon.ask((client) => client.getImage(name).distribution({ abortSignal }));
    const { digest } = answer.Descriptor;
    return digest === known ? undefined : digest;
  } catch {
    return undefined;
  }
}

async function updateImage({ news, olds, preview, ...context }: UpdateRequest, daemon: Daemon): Promise<Properties> {
  const moved = olds.imageId === "";
  if (preview) return moved ? { ...news, imageId: unknownValue, repoDigest: unknownValue } : { ...olds, ...news };
  const inputs = imageSchema.parse(news);
  const found = (moved ? undefined : await inspect(inputs.name, daemon)) ?? (await pull(inputs, context, daemon));
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

async function pull(
  { name, platform }: ImageInputs,
  context: Omit<CallContext, "type">,
  daemon: Daemon,
): Promise<ImageInspectInfo> {
  await pullImage(name, platform, context, daemon);
  return await daemon.ask((client) => client.getImage(name).inspect());
}

function inspect(name: string, daemon: Daemon): Promise<ImageInspectInfo | undefined> {
  return orGone(daemon.ask((client) => client.getImage(name).inspect()));
}

/** As the official provider writes it. */
const idOf = ({ Id }: ImageInspectInfo, name: string): string => `${Id}${name}`;

function outputsFor(inputs: Properties, image: ImageInspectInfo): Properties {
  return { ...inputs, imageId: image.Id, repoDigest: digestOf(String(inputs.name), image.RepoDigests ?? []) };
}
