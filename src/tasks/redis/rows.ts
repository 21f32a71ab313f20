import { rowOfImported } from "../imported-task.ts";
import type { EndColumns, TaskRow } from "../rows.ts";
import type { Task } from "../task.ts";

/** A hash as a script returns it: names and values in turn. */
export type Flat = readonly string[];

/** The row of a task out of its hash. */
export function rowOf(cluster: string, flat: Flat): TaskRow & EndColumns {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? "", flat[i + 1] ?? "");
  const text = (name: string) => fields.get(name) ?? "";
  const textOrNull = (name: string) => (text(name) === "" ? null : text(name));
  const numberOrNull = (name: string) => (text(name) === "" ? null : Number(text(name)));
  return {
    clusterId: cluster,
    id: text("id"),
    selector: text("selector"),
    payload: text("payload"),
    priority: Number(text("priority")),
    idempotencyKey: text("idempotencyKey"),
    state: text("state"),
    attempt: Number(text("attempt")),
    handedBack: Number(text("handedBack")),
    maxAttempts: Number(text("maxAttempts")),
    leaseMs: Number(text("leaseMs")),
    deadlineAt: numberOrNull("deadlineAt"),
    availableAt: Number(text("availableAt")),
    buryAt: null,
    instance: textOrNull("instance"),
    epoch: numberOrNull("epoch"),
    error: textOrNull("error"),
    errorAttempt: numberOrNull("errorAttempt"),
    createdAt: Number(text("createdAt")),
    finishedAt: numberOrNull("finishedAt"),
    result: textOrNull("result"),
    resultAttempt: numberOrNull("resultAttempt"),
    resultInstance: textOrNull("resultInstance"),
    resultEpoch: numberOrNull("resultEpoch"),
    acceptedAt: numberOrNull("acceptedAt"),
    deathReason: textOrNull("death"),
  };
}

/** The hash of a task that nobody holds; what is absent is ''. A script writes its state, and its place in a stream. */
export function fieldsOf(task: Task): Readonly<Record<string, string>> {
  const { clusterId: _, buryAt: __, state: ___, ...row } = rowOfImported("", task);
  const { value, attempt, instance, epoch, acceptedAt } = task.result ?? {};
  const fields = {
    ...row,
    ...{ resultAttempt: attempt, resultInstance: instance, resultEpoch: epoch, acceptedAt, death: task.death },
    result: value === undefined ? undefined : JSON.stringify(value),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, String(field ?? "")]));
}
