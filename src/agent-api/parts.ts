import type { Clock } from "../platform/clock.ts";
import type { AuditSink } from "./audit.ts";
import type { CheckpointStore } from "./checkpoints/store.ts";
import type { WriteFence } from "./database/write-fence.ts";
import type { EventRing } from "./events/ring.ts";
import type { GuardParts } from "./guard.ts";
import type { InstanceRegistry } from "./instance-registry.ts";
import type { SharedMemory } from "./memory/memory.ts";
import type { TaskDispatcher } from "./task-dispatcher.ts";

/** Everything behind the agent API of one cluster. */
export interface ApiParts extends GuardParts {
  readonly registry: InstanceRegistry;
  readonly tasks: TaskDispatcher;
  readonly checkpoints: CheckpointStore;
  readonly memory: SharedMemory;
  readonly writeFence: WriteFence;
  readonly events: EventRing;
  readonly audit: AuditSink;
  readonly clock: Clock;
  /** A new token for an instance. */
  readonly renew: (instance: string, agent: string) => { readonly token: string; readonly expiresAtMs: number };
}
