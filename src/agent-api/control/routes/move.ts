import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import type { Task } from "../../../tasks/task.ts";
import type { Backend } from "../../backend.ts";
import { parse } from "../../http/parse.ts";
import type { ApiParts } from "../../parts.ts";
import {
  type ExportedDatabase,
  exportedDatabaseSchema,
  fenceRequestSchema,
  type Movable,
  moveFormat,
  rootsSchema,
} from "../move-wire.ts";
import { taskPageSchema } from "../task-wire.ts";

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  before: z.string().optional(),
  /** Without it all, also while others change them: those are to be carried again. */
  changedSince: z.coerce.number().optional(),
});

/** 10,000 values of 64 KiB would be more; nobody has that. */
const maxDatabaseBytes = 128 * 1024 * 1024;
/** 500 tasks, each with a payload and a result. */
const maxPageBytes = 80 * 1024 * 1024;
/** Calls that are on their way when the gate is shut. */
const insideMs = 20_000;

/** What carries the state of a cluster elsewhere, out and in. Checkpoints have routes of their own (checkpoints.ts). */
export function moveRoutes(
  app: FastifyInstance,
  { cluster, version }: Pick<Movable, "cluster" | "version">,
  { database, dispatcher }: Backend,
  { checkpoints, audit, clock, events }: ApiParts,
): void {
  const { writeFence, registrations, memory } = database;

  app.get("/v1/move", async (): Promise<Movable> => {
    const { total } = (await (await dispatcher.present())?.counts()) ?? { total: { waiting: 0, leased: 0, done: 0 } };
    return {
      ...{ cluster, version, format: moveFormat, shutFor: writeFence.fencedFor ?? null, now: clock.now() },
      states: await checkpoints.sizes(),
      tasks: Object.values(total).reduce((sum, count) => sum + count, 0),
      memory: memory.all().entries.length,
    };
  });

  app.put("/v1/move/gate", async (request) => {
    const { state, operation } = parse(fenceRequestSchema, request.body);
    if (state === "open") writeFence.lift(operation);
    else await writeFence.raise(operation, { releaseWaiters: () => dispatcher.releaseWaiters(), deadlineMs: insideMs });
    audit.append({ at: clock.now(), actor: "operator", action: `gate.${state}`, detail: { operation } });
    events.add("gate", { state, operation });
    return { state, operation };
  });

  app.post("/v1/move/verify", async (request) => {
    const { roots } = parse(rootsSchema, request.body);
    const wrong: string[] = [];
    for (const [instance, root] of Object.entries(roots)) {
      const found = await checkpoints.verify(instance).catch(notWhole);
      if (typeof found === "string") wrong.push(`${instance}: ${found}`);
      else if (found?.root !== root) wrong.push(`${instance} has ${found?.root.slice(0, 12) ?? "nothing"}`);
    }
    if (wrong.length === 0) return { verified: Object.keys(roots).length };
    throw new SwarmError("SW713", `${wrong.length} states are not as they were: ${wrong.join("; ")}`, {
      values: { wrong },
    });
  });

  app.get("/v1/move/ledger", (): ExportedDatabase => {
    writeFence.requireFenced();
    return { format: moveFormat, lives: Object.fromEntries(registrations.nextEpochs()), memory: memory.all() };
  });

  app.put("/v1/move/ledger", { bodyLimit: maxDatabaseBytes }, async (request) => {
    writeFence.requireFenced();
    const exported = parse(exportedDatabaseSchema, request.body);
    refuseOtherFormat(exported.format);
    for (const [instance, epoch] of Object.entries(exported.lives)) registrations.continueAt(instance, epoch);
    memory.replaceAll(exported.memory);
    return { lives: Object.keys(exported.lives).length, memory: exported.memory.entries.length };
  });

  app.get("/v1/move/tasks", async (request) => {
    const { changedSince, ...page } = parse(pageQuery, request.query);
    if (changedSince !== undefined) writeFence.requireFenced();
    return (await (await dispatcher.present())?.list({ ...page, changedSince })) ?? { items: [] };
  });

  app.put("/v1/move/tasks", { bodyLimit: maxPageBytes }, async (request) => {
    writeFence.requireFenced();
    const { items } = parse(taskPageSchema.pick({ items: true }), request.body);
    if (items.length > 0)
      await (await dispatcher.queue()).takeOver(items.map((task): Task => ({ ...absent, ...task })));
    return { tasks: items.length };
  });
}

/** What is not known is left out on the wire. */
const absent = {
  ...{ deadlineAt: undefined, holder: undefined, finishedAt: undefined },
  ...{ error: undefined, death: undefined, result: undefined },
};

function notWhole(error: unknown): string {
  if (error instanceof SwarmError && error.code === "SW713") return error.message;
  throw error;
}

function refuseOtherFormat(format: number): void {
  if (format === moveFormat) return;
  throw new SwarmError("SW625", `The state comes in format ${format}, and this server reads format ${moveFormat}.`, {
    hints: ["Bring the cluster to this version first: swarmctl up."],
    values: { format, expected: moveFormat },
  });
}
