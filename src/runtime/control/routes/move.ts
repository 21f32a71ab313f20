import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import type { Backend } from "../../api/backend.ts";
import type { ApiParts } from "../../api/parts.ts";
import { parse } from "../../http/parse.ts";
import type { Task } from "../../tasks/task.ts";
import { type Carried, carriedSchema, gateSchema, type Movable, moveFormat, rootsSchema } from "../move-wire.ts";
import { taskPageSchema } from "../task-wire.ts";

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  before: z.string().optional(),
  /** Without it all, also while others change them: those are to be carried again. */
  changedSince: z.coerce.number().optional(),
});

/** 10,000 values of 64 KiB would be more; nobody has that. */
const maxLedgerBytes = 128 * 1024 * 1024;
/** 500 tasks, each with a payload and a result. */
const maxPageBytes = 80 * 1024 * 1024;
/** Calls that are on their way when the gate is shut. */
const insideMs = 20_000;

/** What carries the state of a cluster elsewhere, out and in. Checkpoints have routes of their own (checkpoints.ts). */
export function moveRoutes(
  app: FastifyInstance,
  { cluster, version }: Pick<Movable, "cluster" | "version">,
  { ledger, taskDesk }: Backend,
  { checkpoints, audit, clock, events }: ApiParts,
): void {
  const { gate, lives, memory } = ledger;

  app.get("/v1/move", async (): Promise<Movable> => {
    const { total } = (await (await taskDesk.present())?.counts()) ?? { total: { waiting: 0, leased: 0, done: 0 } };
    return {
      ...{ cluster, version, format: moveFormat, shutFor: gate.shutFor ?? null, now: clock.now() },
      states: await checkpoints.sizes(),
      tasks: Object.values(total).reduce((sum, count) => sum + count, 0),
      memory: memory.all().entries.length,
    };
  });

  app.put("/v1/move/gate", async (request) => {
    const { state, operation } = parse(gateSchema, request.body);
    if (state === "open") gate.open(operation);
    else await gate.shut(operation, { dismiss: () => taskDesk.dismiss(), deadlineMs: insideMs });
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

  app.get("/v1/move/ledger", (): Carried => {
    gate.requireShut();
    return { format: moveFormat, lives: Object.fromEntries(lives.nextEpochs()), memory: memory.all() };
  });

  app.put("/v1/move/ledger", { bodyLimit: maxLedgerBytes }, async (request) => {
    gate.requireShut();
    const carried = parse(carriedSchema, request.body);
    refuseOtherFormat(carried.format);
    for (const [instance, epoch] of Object.entries(carried.lives)) lives.continueAt(instance, epoch);
    memory.replaceAll(carried.memory);
    return { lives: Object.keys(carried.lives).length, memory: carried.memory.entries.length };
  });

  app.get("/v1/move/tasks", async (request) => {
    const { changedSince, ...page } = parse(pageQuery, request.query);
    if (changedSince !== undefined) gate.requireShut();
    return (await (await taskDesk.present())?.list({ ...page, changedSince })) ?? { items: [] };
  });

  app.put("/v1/move/tasks", { bodyLimit: maxPageBytes }, async (request) => {
    gate.requireShut();
    const { items } = parse(taskPageSchema.pick({ items: true }), request.body);
    if (items.length > 0) await (await taskDesk.queue()).takeOver(items.map((task): Task => ({ ...absent, ...task })));
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
