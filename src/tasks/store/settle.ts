import type { Updateable } from "kysely";
import type { InTransaction } from "../../store/database.ts";
import type { Json } from "../../store/json.ts";
import type { TasksTable } from "../../store/schema.ts";
import { deadLetterAt, isExhausted } from "../dead-letter-at.ts";
import { type Fences, refusalOf } from "../fences.ts";
import type { AckReply, EndReply, ExtendReply, LeaseProof, Refusal, TaskFailure } from "../queue.ts";
import type { TaskRow } from "../rows.ts";
import { lockedRowAndEpoch } from "./locked-row.ts";
import { deadLetter } from "./sweep.ts";

/** One end of a lease, inside its transaction. */
export interface Settling {
  readonly inside: InTransaction;
  readonly cluster: string;
  readonly proof: LeaseProof;
  readonly now: number;
  readonly fences: Fences;
}

type Opened =
  | { readonly ok: true; readonly row: TaskRow }
  | { readonly ok: false; readonly row: TaskRow | undefined; readonly reason: Refusal };

/** Locks the task and checks the proof against its lease. */
async function open({ inside, cluster, proof, fences }: Settling): Promise<Opened> {
  const row = await lockedRowAndEpoch(inside, cluster, proof.id, proof.instance);
  if (row === undefined) return { ok: false, row, reason: "unknown" };
  const reason = refusalOf(row, proof, fences);
  if (reason !== undefined) return { ok: false, row, reason };
  return row.finishedAt === null ? { ok: true, row } : { ok: false, row, reason: "lease-lost" };
}

export async function ack(settling: Settling, result: Json): Promise<AckReply> {
  const { inside, cluster, proof, now } = settling;
  const opened = await open(settling);
  if (!opened.ok) return opened.row?.state === "done" ? stored(settling) : refused(opened.reason);
  const { instance, epoch, attempt } = proof;
  await inside.sql
    .insertInto("taskResults")
    .values({
      ...{ clusterId: cluster, taskId: proof.id, attempt, instance, epoch },
      ...{ result: JSON.stringify(result), acceptedAt: now },
    })
    .execute();
  await update(settling, { state: "done", instance: null, epoch: null, buryAt: null, finishedAt: now });
  return { ok: true, instance, attempt, acceptedAt: now };
}

export async function extend(settling: Settling): Promise<ExtendReply> {
  const { now } = settling;
  const opened = await open(settling);
  if (!opened.ok) return refused(opened.reason);
  // Its time is over: others may be about to take it. A result would still be accepted.
  if (opened.row.availableAt <= now) return refused("lease-lost");
  const until = now + opened.row.leaseMs;
  await update(settling, { availableAt: until, buryAt: deadLetterAt(opened.row, until) });
  return { ok: true, until };
}

export async function fail(settling: Settling, failure: TaskFailure, delayMs: number): Promise<EndReply> {
  const { inside, cluster, proof, now } = settling;
  const opened = await open(settling);
  if (!opened.ok) return repeatedFailure(opened.row, proof) ?? refused(opened.reason);
  const { row } = opened;
  await update(settling, { error: failure.error, errorAttempt: proof.attempt });
  if (!failure.retryable || isExhausted(row)) {
    const reason = failure.retryable ? "attempts" : "failed";
    await deadLetter(inside, { cluster, id: proof.id, reason, now });
    return { ok: true, state: "dead" };
  }
  return toLine(settling, { availableAt: now + delayMs, buryAt: deadLetterAt(row, undefined) });
}

export async function handBack(settling: Settling): Promise<EndReply> {
  const opened = await open(settling);
  if (!opened.ok) return refused(opened.reason);
  const { row } = opened;
  const changes = { availableAt: settling.now, buryAt: deadLetterAt(row, undefined), handedBack: row.handedBack + 1 };
  return toLine(settling, changes);
}

interface InLine {
  readonly availableAt: number;
  readonly buryAt: number | null;
  readonly handedBack?: number;
}

async function toLine(settling: Settling, changes: InLine): Promise<EndReply> {
  await update(settling, { ...changes, state: "waiting", instance: null, epoch: null });
  return { ok: true, state: "waiting", availableAt: changes.availableAt };
}

/** A failure that is told twice gets an answer, not a refusal. */
function repeatedFailure(row: TaskRow | undefined, { attempt }: LeaseProof): EndReply | undefined {
  if (row === undefined || row.errorAttempt !== attempt || row.attempt !== attempt) return undefined;
  if (row.state === "dead") return { ok: true, state: "dead" };
  return row.state === "waiting" ? { ok: true, state: "waiting", availableAt: row.availableAt } : undefined;
}

function stored({ inside, cluster, proof }: Settling): Promise<AckReply> {
  return inside.sql
    .selectFrom("taskResults")
    .select(["instance", "attempt", "acceptedAt"])
    .where("clusterId", "=", cluster)
    .where("taskId", "=", proof.id)
    .executeTakeFirstOrThrow()
    .then((row) => ({ ok: true, ...row }));
}

async function update({ inside, cluster, proof }: Settling, changes: Updateable<TasksTable>): Promise<void> {
  await inside.sql
    .updateTable("tasks")
    .set(changes)
    .where("clusterId", "=", cluster)
    .where("id", "=", proof.id)
    .execute();
}

function refused(reason: Refusal): { readonly ok: false; readonly reason: Refusal } {
  return { ok: false, reason };
}
