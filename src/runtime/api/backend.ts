import { FolderCheckpoints } from "../checkpoints/folder-store.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import { type Ledger, openLedger } from "../ledger/ledger.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import type { AuditSink } from "./audit.ts";
import { Desk } from "./desk.ts";
import type { ApiParts } from "./parts.ts";
import type { Roster } from "./roster.ts";
import { TaskDesk, type TaskSource } from "./task-desk.ts";
import type { TokenIssuer } from "./token-issuer.ts";

export interface BackendOptions {
  /** Unique id of the cluster. */
  readonly cluster: string;
  /** Path of the ledger's file. */
  readonly ledger: string;
  /** Folder of the checkpoints; it is there. */
  readonly checkpoints: string;
  readonly tokens: TokenIssuer;
  readonly tasks: TaskSource;
  readonly audit: AuditSink;
  readonly events: EventRing;
  readonly clock: Clock;
  /** Id of the operation that brings the state here, where it comes from elsewhere. */
  readonly arrival?: string | undefined;
}

/** What the agent API of one cluster keeps, but for who belongs to it. */
export interface Backend {
  readonly ledger: Ledger;
  readonly taskDesk: TaskDesk;
  readonly partsFor: (roster: Roster) => ApiParts;
  /** The queue for whoever looks after it; undefined also while its tasks are carried elsewhere. */
  readonly presentQueue: () => Promise<TaskQueue | undefined>;
  readonly close: () => Promise<void>;
}

export function openBackend(options: BackendOptions): Backend {
  const { cluster, tokens, tasks, audit, events, clock } = options;
  const ledger = openLedger(options.ledger, clock);
  if (options.arrival !== undefined) ledger.gate.arrive(options.arrival);
  const checkpoints = new FolderCheckpoints(options.checkpoints);
  const taskDesk = new TaskDesk(tasks, clock, events);
  return {
    ledger,
    taskDesk,
    partsFor: (roster) => ({
      ...{ cluster, roster, checkpoints, events, audit, clock },
      authenticate: tokens.authenticate,
      renew: tokens.issue,
      memory: ledger.memory,
      gate: ledger.gate,
      tasks: taskDesk,
      desk: new Desk({
        roster,
        lives: ledger.lives,
        orders: ledger.orders,
        gate: ledger.gate,
        checkpoints,
        tasks: taskDesk,
        events,
        clock,
      }),
    }),
    presentQueue: async () => (ledger.gate.shutFor === undefined ? taskDesk.present() : undefined),
    close: async () => {
      await taskDesk.close();
      ledger.close();
    },
  };
}
