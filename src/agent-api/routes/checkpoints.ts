import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import { awaitThaw } from "../checkpoints/frozen.ts";
import { hashSchema, manifestSchema, maxChunkBytes } from "../checkpoints/manifest.ts";
import { memberOf } from "../guard.ts";
import { parse } from "../http/parse.ts";
import type { ApiParts } from "../parts.ts";

type HashParams = { Params: { hash: string } };

const query = z.object({ epoch: z.coerce.number().int().positive() });
/** 16,384 hashes as JSON. */
const maxManifestBytes = 1_200_000;

/**
 * Checkpoints of the calling instance: PUT of bytes stores a chunk under its hash, PUT of a manifest (JSON) under its
 * root makes it the latest checkpoint.
 */
export function checkpointsRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { registry, checkpoints, events } = parts;
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );

  app.put<HashParams>("/checkpoints/:hash", { bodyLimit: maxManifestBytes }, async (request, reply) => {
    const { instance } = memberOf(request);
    const hash = parse(hashSchema, request.params.hash);
    if (Buffer.isBuffer(request.body)) {
      await requireRegistration(request);
      await requireNotFrozen(request, reply);
      if (request.body.length > maxChunkBytes) throw tooLarge(request.body.length);
      await checkpoints.putChunk(instance, hash, request.body);
      return { hash };
    }
    const manifest = parse(manifestSchema, request.body);
    if (manifest.root !== hash) throw new SwarmError("SW713", `the root is ${manifest.root}, not ${hash}`);
    await registry.requireRegistration(instance, manifest.epoch);
    const latest = await checkpoints.latest(instance);
    if (latest?.root !== manifest.root || latest.seq !== manifest.seq) await requireNotFrozen(request, reply);
    await checkpoints.commit(instance, manifest);
    events.add("checkpoint.accepted", { instance, root: manifest.root, seq: manifest.seq });
    return { root: manifest.root, seq: manifest.seq };
  });

  app.get<HashParams>("/checkpoints/:hash", async (request, reply) => {
    const { instance } = memberOf(request);
    const hash = parse(hashSchema, request.params.hash);
    await requireRegistration(request);
    const latest = await checkpoints.latest(instance);
    if (latest?.root === hash) return latest;
    const bytes = await checkpoints.chunk(instance, hash);
    if (bytes === undefined) throw new SwarmError("SW705", `${instance} has no checkpoint or chunk ${hash}`);
    return reply.type("application/octet-stream").send(bytes);
  });

  async function requireNotFrozen(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { instance, agent } = memberOf(request);
    const latest = await checkpoints.latest(instance);
    // A first save does not change a saved state.
    if (latest === undefined) return;
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    await awaitThaw(parts, { instance, agent, root: latest.root }, gone.signal);
  }

  async function requireRegistration(request: FastifyRequest): Promise<void> {
    await registry.requireRegistration(memberOf(request).instance, parse(query, request.query).epoch);
  }
}

function tooLarge(bytes: number): SwarmError {
  return new SwarmError("SW711", `the chunk has ${bytes} bytes; the limit is ${maxChunkBytes}`, {
    values: { bytes, maxChunkBytes },
  });
}
