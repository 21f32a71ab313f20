import type { CheckpointStore } from "../checkpoints/store.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import type { Gate } from "../ledger/gate.ts";
import type { SharedMemory } from "../memory/memory.ts";
import type { AuditSink } from "./audit.ts";
import type { Desk } from "./desk.ts";
import type { GuardParts } from "./guard.ts";
import type { TaskDesk } from "./task-desk.ts";

/** Everything behind the agent API of one cluster. */
export interface ApiParts extends GuardParts {
  readonly desk: Desk;
  readonly tasks: TaskDesk;
  readonly checkpoints: CheckpointStore;
  readonly memory: SharedMemory;
  readonly gate: Gate;
  readonly events: EventRing;
  readonly audit: AuditSink;
  readonly clock: Clock;
  /** A new token for an instance. */
  readonly renew: (instance: string, agent: string) => { readonly token: string; readonly expiresAtMs: number };
}
