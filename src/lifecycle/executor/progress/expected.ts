import type { Operation } from "../../../store/operations.ts";
import type { Store } from "../../../store/store.ts";
import { parseLine, readLog } from "../../records/log.ts";
import { median, pastOperations } from "../../records/past-operations.ts";
import { type Expected, Track } from "./track.ts";

/** Returns the median durations of recent operations of the kind, of the cluster or of any; parts only if the last one ran from this home folder. */
export async function expectedOf(store: Store, home: string, operation: Operation): Promise<Expected> {
  const { items, own } = await pastOperations(store, operation);
  const steps = await Promise.all(items.map(({ id }) => store.operations.steps(id)));
  const took = steps
    .flat()
    .flatMap(({ name, startedAt, endedAt }) => (endedAt ? [{ name, ms: endedAt - startedAt }] : []));
  const stepsMs = Object.fromEntries(
    [...Map.groupBy(took, ({ name }) => name)].map(([name, those]) => [name, median(those.map(({ ms }) => ms)) ?? 0]),
  );
  const last = own ? items[0] : undefined;
  return { stepsMs, partsMs: last === undefined ? {} : played(await readLog(home, last.id)) };
}

/** Replays a log to get the duration of each part. */
function played(log: readonly string[]): Readonly<Record<string, number>> {
  const track = new Track();
  for (const { atMs, event } of log.map(parseLine)) track.hear(event, atMs);
  return track.took;
}
