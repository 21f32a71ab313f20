import type { Operation } from "../../../store/operations.ts";
import type { Store } from "../../../store/store.ts";
import { parseLine, readLog } from "../../records/log.ts";
import { type Expected, Track } from "./track.ts";

const looksBack = 3;

/** What the last operations of a kind took: those of the cluster, or else of any. Parts are known where the last one ran from this home. */
export async function expectedOf(store: Store, home: string, { kind, clusterId }: Operation): Promise<Expected> {
  const request = { status: "succeeded", kinds: [kind], limit: looksBack } as const;
  const own = (await store.operations.list({ ...request, clusterId })).items;
  const earlier = own.length > 0 ? own : (await store.operations.list(request)).items;
  const steps = await Promise.all(earlier.map(({ id }) => store.operations.steps(id)));
  const took = steps
    .flat()
    .flatMap(({ name, startedAt, endedAt }) => (endedAt ? [{ name, ms: endedAt - startedAt }] : []));
  const stepsMs = Object.fromEntries(
    [...Map.groupBy(took, ({ name }) => name)].map(([name, those]) => [name, median(those.map(({ ms }) => ms))]),
  );
  const [last] = own;
  return { stepsMs, partsMs: last === undefined ? {} : played(await readLog(home, last.id)) };
}

/** What each part took in an operation, by its log. */
function played(log: readonly string[]): Readonly<Record<string, number>> {
  const track = new Track();
  for (const { atMs, event } of log.map(parseLine)) track.hear(event, atMs);
  return track.took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
