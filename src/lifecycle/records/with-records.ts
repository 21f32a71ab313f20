import { SwarmError } from "../../errors.ts";
import { prepareBackend } from "../../stacks/backend.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type StoreLocation, storeLocation } from "../../store/location.ts";
import { openStore, type Store } from "../../store/store.ts";

/**
 * Returns the location of the store: DATABASE_URL, or a file beside the states of a folder backend, so that all home folders with
 * the same states share a journal.
 *
 * @throws SwarmError SW609 for a shared backend without DATABASE_URL, whose journal other machines would not see
 */
function recordsLocation({ backend, env }: Settings): StoreLocation {
  const url = env.DATABASE_URL || undefined;
  if (url === undefined && backend.kind === "shared") {
    throw new SwarmError("SW609", `the shared backend ${backend.url} requires a shared journal`, {
      hints: ["set DATABASE_URL to a PostgreSQL database: postgres://user@host/database"],
    });
  }
  return storeLocation(url, backend.kind === "folder" ? backend.dir : "");
}

interface OpenStore {
  readonly store: Promise<Store>;
  users: number;
}

/** The stores that this process has open, by their location. */
const openStores = new Map<string, OpenStore>();

/**
 * Calls `work` with the opened store and closes it afterwards. Concurrent calls of a process share it: SQLite has one writer, and a
 * second connection would wait for the first one without letting it go on.
 *
 * @throws SwarmError SW603 when it cannot be opened, SW609 as `recordsLocation`
 */
export async function withRecords<Result>(
  settings: Settings,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const location = recordsLocation(settings);
  await prepareBackend(settings.backend);
  const key = location.kind === "sqlite" ? location.path : location.url;
  const open = openStores.get(key) ?? { store: openStore(location, { now: () => Date.now() }), users: 0 };
  openStores.set(key, open);
  open.users += 1;
  try {
    return await work(await open.store);
  } finally {
    open.users -= 1;
    if (open.users === 0) {
      openStores.delete(key);
      await open.store.then(
        (store) => store.close(),
        () => {},
      );
    }
  }
}
