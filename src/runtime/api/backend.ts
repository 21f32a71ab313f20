import { FolderCheckpoints } from "../checkpoints/folder-store.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import { type Ledger, openLedger } from "../ledger/ledger.ts";
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
}

/** What the agent API of one cluster keeps, but for who belongs to it. */
export interface Backend {
  readonly ledger: Ledger;
  readonly taskDesk: TaskDesk;
  readonly partsFor: (roster: Roster) => ApiParts;
  readonly close: () => Promise<void>;
}

export function openBackend(options: BackendOptions): Backend {
  const { cluster, tokens, tasks, audit, events, clock } = options;
  const ledger = openLedger(options.ledger, clock);
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
      tasks: taskDesk,
      desk: new Desk({
        roster,
        lives: ledger.lives,
        orders: ledger.orders,
        checkpoints,
        tasks: taskDesk,
        events,
        clock,
      }),
    }),
    close: async () => {
      await taskDesk.close();
      ledger.close();
    },
  };
}
