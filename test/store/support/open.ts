import type { StoreLocation } from "../../../src/store/location.ts";
import { openStore } from "../../../src/store/store.ts";

/** Opens a store, writes an entry, and closes it: run by several processes concurrently. */
const location = JSON.parse(process.argv[2] ?? "") as StoreLocation;
const store = await openStore(location, { now: () => Date.now() });
await store.audit.append({ actor: String(process.pid), action: "opened" });
await store.close();
