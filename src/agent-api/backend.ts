import type { Clock } from "../platform/clock.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import type { TaskSource } from "../tasks/task-source.ts";
import type { AuditSink } from "./audit.ts";
import { FolderCheckpoints } from "./checkpoints/folder-store.ts";
import { type AgentDatabase, openAgentDatabase } from "./database/database.ts";
import type { EventRing } from "./events/ring.ts";
import { InstanceRegistry } from "./instance-registry.ts";
import type { ApiParts } from "./parts.ts";
import type { Roster } from "./roster.ts";
import { TaskDispatcher } from "./task-dispatcher.ts";
import type { TokenIssuer } from "./token-issuer.ts";

export interface BackendOptions {
  /** Unique id of the cluster. */
  readonly cluster: string;
  /** Path of the ledger's file. */
  readonly database: string;
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
  readonly database: AgentDatabase;
  readonly dispatcher: TaskDispatcher;
  readonly partsFor: (roster: Roster) => ApiParts;
  /** The queue for whoever looks after it; undefined also while its tasks are carried elsewhere. */
  readonly presentQueue: () => Promise<TaskQueue | undefined>;
  readonly close: () => Promise<void>;
}

export function openBackend(options: BackendOptions): Backend {
  const { cluster, tokens, tasks, audit, events, clock } = options;
  const database = openAgentDatabase(options.database, clock);
  if (options.arrival !== undefined) database.writeFence.raiseForArrival(options.arrival);
  const checkpoints = new FolderCheckpoints(options.checkpoints);
  const dispatcher = new TaskDispatcher(tasks, clock, events);
  return {
    database,
    dispatcher,
    partsFor: (roster) => ({
      ...{ cluster, roster, checkpoints, events, audit, clock },
      authenticate: tokens.authenticate,
      renew: tokens.issue,
      memory: database.memory,
      writeFence: database.writeFence,
      tasks: dispatcher,
      registry: new InstanceRegistry({
        roster,
        registrations: database.registrations,
        directives: database.directives,
        writeFence: database.writeFence,
        checkpoints,
        tasks: dispatcher,
        events,
        clock,
      }),
    }),
    presentQueue: async () => (database.writeFence.fencedFor === undefined ? dispatcher.present() : undefined),
    close: async () => {
      await dispatcher.close();
      database.close();
    },
  };
}
