import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { fromColumn, type Json, toColumn } from "./json.ts";
import type { ClusterAgentsTable } from "./schema.ts";

/** An instance of an agent, as it registered itself. */
export interface ClusterAgent extends Omit<Selectable<ClusterAgentsTable>, "capabilities" | "report"> {
  readonly capabilities: readonly string[];
  readonly report: Json;
}

export interface AgentRegistration {
  readonly clusterId: string;
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  readonly parent: string | null;
  readonly capabilities: readonly string[];
}

/** The registered instances of all clusters, in a hierarchy by `parent`. */
export class ClusterAgents {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Begins a new life of an instance: its epoch is one higher than that of the life before. */
  async register(registration: AgentRegistration): Promise<ClusterAgent> {
    const now = this.#clock.now();
    const row = {
      ...registration,
      capabilities: JSON.stringify(registration.capabilities),
      state: "idle",
      report: null,
      registeredAt: now,
      seenAt: now,
      removedAt: null,
    };
    const registered = await this.#database.sql
      .insertInto("clusterAgents")
      .values({ ...row, epoch: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(["clusterId", "instance"])
          .doUpdateSet((expression) => ({ ...row, epoch: expression("clusterAgents.epoch", "+", 1) })),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return fromRow(registered);
  }

  /** False when the instance has registered again since, or was removed: an old life is not heard. */
  async heartbeat(
    { clusterId, instance, epoch }: { clusterId: string; instance: string; epoch: number },
    { state, report }: { state: string; report: Json },
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.sql
      .updateTable("clusterAgents")
      .set({ state, report: toColumn(report), seenAt: this.#clock.now() })
      .where("clusterId", "=", clusterId)
      .where("instance", "=", instance)
      .where("epoch", "=", epoch)
      .where("removedAt", "is", null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Marks an instance as gone; its epoch is kept, so that it only grows should the instance return. */
  async remove(clusterId: string, instance: string): Promise<void> {
    await this.#database.sql
      .updateTable("clusterAgents")
      .set({ removedAt: this.#clock.now() })
      .where("clusterId", "=", clusterId)
      .where("instance", "=", instance)
      .execute();
  }

  async show(clusterId: string, instance: string): Promise<ClusterAgent | undefined> {
    const row = await this.#present(clusterId).where("instance", "=", instance).executeTakeFirst();
    return row && fromRow(row);
  }

  /** Those that are not removed, by instance id. */
  async list(clusterId: string): Promise<readonly ClusterAgent[]> {
    const rows = await this.#present(clusterId).orderBy("instance").execute();
    return rows.map(fromRow);
  }

  #present(clusterId: string) {
    return this.#database.sql
      .selectFrom("clusterAgents")
      .selectAll()
      .where("clusterId", "=", clusterId)
      .where("removedAt", "is", null);
  }
}

function fromRow(row: Selectable<ClusterAgentsTable>): ClusterAgent {
  return { ...row, capabilities: JSON.parse(row.capabilities) as string[], report: fromColumn(row.report) };
}
