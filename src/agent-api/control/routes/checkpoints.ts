import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import { hashSchema, manifestSchema, maxChunkBytes } from "../../checkpoints/manifest.ts";
import { parse } from "../../http/parse.ts";
import type { ApiParts } from "../../parts.ts";

type InstanceParams = { Params: { id: string } };
type ChunkParams = { Params: { id: string; hash: string } };

/** 16,384 hashes as JSON. */
const maxManifestBytes = 1_200_000;

const choiceBody = z.strictObject({ root: hashSchema });

/**
 * Routes that list the saved states of instances and choose the one that an instance gets at its next registration; and export and
 * import checkpoints during a migration: the latest manifest and its chunks.
 */
export function checkpointsRoutes(app: FastifyInstance, { checkpoints, events, audit, clock }: ApiParts): void {
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );

  app.get("/v1/checkpoints", async () => ({ items: await checkpoints.saved() }));

  app.put<InstanceParams>("/v1/instances/:id/restore", async (request) => {
    const instance = instanceOf(request.params.id);
    const { root } = parse(choiceBody, request.body);
    await checkpoints.choose(instance, root);
    audit.append({ at: clock.now(), actor: "operator", action: "checkpoint.choose", detail: { instance, root } });
    return { instance, root };
  });

  app.delete<InstanceParams>("/v1/instances/:id/restore", async ({ params: { id } }) => {
    await checkpoints.withdrawChoice(instanceOf(id));
    return { instance: id };
  });

  app.get<InstanceParams>("/v1/instances/:id/checkpoint", async ({ params: { id } }) => {
    const latest = await checkpoints.latest(instanceOf(id));
    return latest ?? none(id, "checkpoint");
  });

  app.put<InstanceParams>("/v1/instances/:id/checkpoint", { bodyLimit: maxManifestBytes }, async (request) => {
    const instance = instanceOf(request.params.id);
    const manifest = parse(manifestSchema, request.body);
    await checkpoints.commit(instance, manifest);
    const { root, seq } = manifest;
    events.add("checkpoint.copied", { instance, root, seq });
    return { root, seq };
  });

  app.get<ChunkParams>("/v1/instances/:id/chunks/:hash", async ({ params: { id, hash } }, reply) => {
    const bytes = await checkpoints.chunk(instanceOf(id), parse(hashSchema, hash));
    return bytes === undefined ? none(id, `chunk ${hash}`) : reply.type("application/octet-stream").send(bytes);
  });

  app.put<ChunkParams>("/v1/instances/:id/chunks/:hash", { bodyLimit: maxChunkBytes }, async (request) => {
    const { id, hash } = request.params;
    if (!Buffer.isBuffer(request.body))
      throw new SwarmError("SW608", "a chunk must have the content type application/octet-stream");
    await checkpoints.putChunk(instanceOf(id), parse(hashSchema, hash), request.body);
    return { hash };
  });
}

/** Validates an instance id, which becomes the name of a folder. */
function instanceOf(id: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id) ? id : none(id, "checkpoint");
}

function none(instance: string, what: string): never {
  throw new SwarmError("SW705", `${instance} has no ${what}`, { values: { instance } });
}
