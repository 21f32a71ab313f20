import { openStore, type Store } from "../../../src/store/store.ts";
import { TurnedClock } from "../../tasks/support/setting.ts";
import type { Places } from "./places.ts";

/** A store of its own for a group of tests, with a clock that they turn. */
export async function opened(places: Places): Promise<{ store: Store; clock: TurnedClock }> {
  const clock = new TurnedClock();
  return { clock, store: await openStore(await places.empty(), clock) };
}
