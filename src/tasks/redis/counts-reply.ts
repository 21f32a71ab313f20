import { countsOf } from "../counts.ts";
import type { QueueCounts } from "../queue.ts";
import type { TaskState } from "../task.ts";
import type { Flat } from "./rows.ts";

/** A selector with the entries that were not delivered and those that consumers hold, or why its streams cannot be read. */
type Backlog = readonly [selector: string, undelivered: number, pending: number] | readonly [string, string];

/** Tasks by `<state> <selector>`; selectors of tasks whose lease has expired, and of those that back off; backlogs of streams. */
export type CountsReply = readonly [counts: Flat, lapsed: Flat, delayed: Flat, backlogs: readonly Backlog[]];

/** Adds the stream entries that are no tasks yet to the counts of tasks. */
export function countsOfReply([fields, lapsed, delayed, backlogs]: CountsReply): QueueCounts {
  const groups = Array.from({ length: fields.length / 2 }, (_, index) => {
    const [state, selector = ""] = (fields[2 * index] ?? "").split(" ", 2);
    return { state: state as TaskState, selector, tasks: Number(fields[2 * index + 1]) };
  });
  const expired = lapsed.flatMap((selector) => [
    { state: "leased" as const, selector, tasks: -1 },
    { state: "waiting" as const, selector, tasks: 1 },
  ]);
  const { bySelector } = countsOf([...groups, ...expired]);
  const [lapsedOf, delayedOf] = [tally(lapsed), tally(delayed)];
  const foreign = backlogs.flatMap(([selector, undelivered, pending]) => {
    if (typeof undelivered === "string" || pending === undefined) return [];
    const { waiting = 0, leased = 0 } = bySelector[selector] ?? {};
    const held = Math.max(0, pending - leased - lapsedOf(selector));
    const inStreams = waiting + leased - delayedOf(selector);
    const added = Math.max(0, undelivered + pending - inStreams - held);
    return [
      { state: "waiting" as const, selector, tasks: added },
      { state: "leased" as const, selector, tasks: held },
    ];
  });
  const unreadable = backlogs.flatMap(([selector, reason]) =>
    typeof reason === "string" ? [[selector, reason] as const] : [],
  );
  return {
    ...countsOf([...groups, ...expired, ...foreign]),
    ...(unreadable.length > 0 && { unreadable: Object.fromEntries(unreadable) }),
  };
}

function tally(selectors: Flat): (selector: string) => number {
  const numbers = new Map<string, number>();
  for (const one of selectors) numbers.set(one, (numbers.get(one) ?? 0) + 1);
  return (selector) => numbers.get(selector) ?? 0;
}
