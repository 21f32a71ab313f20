import type { StoreLocation } from "../../../src/store/location.ts";
import { openStore } from "../../../src/store/store.ts";

/** Opens a store, leaves a note in it, and closes it: run by several processes at once. */
const location = JSON.parse(process.argv[2] ?? "") as StoreLocation;
const store = await openStore(location, { now: () => Date.now() });
await store.audit.append({ actor: String(process.pid), action: "opened" });
await store.close();
