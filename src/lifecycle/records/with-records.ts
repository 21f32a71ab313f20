import { SwarmError } from "../../errors.ts";
import { prepareBackend } from "../../stacks/backend.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type StoreLocation, storeLocation } from "../../store/location.ts";
import { openStore, type Store } from "../../store/store.ts";

/**
 * Where clusters and their operations are recorded: in DATABASE_URL, else beside the states of a folder backend, so that
 * every home folder that works on these states sees the same journal.
 *
 * @throws SwarmError SW609 for a shared backend without DATABASE_URL: a journal that only one machine sees is none
 */
function recordsLocation({ backend, env }: Settings): StoreLocation {
  const url = env.DATABASE_URL || undefined;
  if (url === undefined && backend.kind === "shared") {
    throw new SwarmError("SW609", `the shared backend ${backend.url} needs a journal that all its users see`, {
      hints: ["set DATABASE_URL to a PostgreSQL server: postgres://user@host/database"],
    });
  }
  return storeLocation(url, backend.kind === "folder" ? backend.dir : "");
}

/** Works with the records, and closes them. @throws SwarmError SW603 when they cannot be opened, SW609 as `recordsLocation` */
export async function withRecords<Result>(
  settings: Settings,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const location = recordsLocation(settings);
  await prepareBackend(settings.backend);
  const store = await openStore(location, { now: () => Date.now() });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
