import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../../errors.ts";
import { hashSchema, manifestSchema, maxChunkBytes } from "../../checkpoints/manifest.ts";
import { parse } from "../../http/parse.ts";
import type { ApiParts } from "../../parts.ts";

type InstanceParams = { Params: { id: string } };
type ChunkParams = { Params: { id: string; hash: string } };

/** 16,384 hashes as JSON. */
const maxManifestBytes = 1_200_000;

/** Checkpoints of any instance, for those who carry a cluster elsewhere: the latest manifest, and its chunks, out and in. */
export function checkpointsRoutes(app: FastifyInstance, { checkpoints, events }: ApiParts): void {
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );

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
    if (!Buffer.isBuffer(request.body)) throw new SwarmError("SW608", "A chunk is sent as application/octet-stream.");
    await checkpoints.putChunk(instanceOf(id), parse(hashSchema, hash), request.body);
    return { hash };
  });
}

/** It names a folder. */
function instanceOf(id: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id) ? id : none(id, "checkpoint");
}

function none(instance: string, what: string): never {
  throw new SwarmError("SW705", `${instance} has no ${what}.`, { values: { instance } });
}
