import { openStore, type Store } from "../../../src/store/store.ts";
import { TurnedClock } from "../../tasks/support/setting.ts";
import type { Places } from "./places.ts";

/** A separate store for a group of tests, with a clock that they control. */
export async function opened(places: Places): Promise<{ store: Store; clock: TurnedClock }> {
  const clock = new TurnedClock();
  return { clock, store: await openStore(await places.empty(), clock) };
}
