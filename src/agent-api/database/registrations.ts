import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** What an instance declares at registration. */
export interface Registration {
  /** Key of the agent that it is an instance of. */
  readonly agent: string;
  readonly capabilities: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

/** One registration of an instance: valid until its process ends. */
export interface RegistrationEpoch {
  /** Counts the registrations of an instance; it only grows, even if the instance is removed in between. */
  readonly epoch: number;
  /** Undefined: reserved, not registered yet. */
  readonly registration: Registration | undefined;
}

/** The registrations of all instances of a cluster. */
export interface Registrations {
  /**
   * Starts a new registration.
   * @returns its epoch, durable.
   */
  begin(instance: string, registration: Registration): Promise<number>;
  /**
   * Ends the current registration, if any.
   * @returns the epoch that the next one will have.
   */
  end(instance: string): Promise<number | undefined>;
  present(instance: string): Promise<RegistrationEpoch | undefined>;
}

const registrationRow = z.object({ instance: z.string(), epoch: z.number(), registration: z.string().nullable() });
const registrationColumn = z.object({
  agent: z.string().default(""),
  capabilities: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
});

export class SqliteRegistrations implements Registrations {
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, RegistrationEpoch>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const row of database.prepare("SELECT instance, epoch, registration FROM lives").all()) {
      const { instance, epoch, registration } = registrationRow.parse(row);
      const told = registration === null ? undefined : registrationColumn.parse(JSON.parse(registration));
      this.#known.set(instance, { epoch, registration: told });
    }
  }

  async begin(instance: string, registration: Registration): Promise<number> {
    const before = this.#known.get(instance);
    const isReserved = before !== undefined && before.registration === undefined;
    return this.#write(instance, { epoch: (before?.epoch ?? 0) + (isReserved ? 0 : 1), registration });
  }

  async end(instance: string): Promise<number | undefined> {
    const before = this.#known.get(instance);
    return before?.registration && this.#write(instance, { epoch: before.epoch + 1, registration: undefined });
  }

  async present(instance: string): Promise<RegistrationEpoch | undefined> {
    return this.#known.get(instance);
  }

  /** The next epoch of each instance, wherever it registers. */
  nextEpochs(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#known].map(([instance, { epoch, registration }]) => [
        instance,
        registration === undefined ? epoch : epoch + 1,
      ]),
    );
  }

  /** Sets a lower bound for the next epoch of an instance that was migrated here. */
  continueAt(instance: string, epoch: number): void {
    if ((this.nextEpochs().get(instance) ?? 0) < epoch) this.#write(instance, { epoch, registration: undefined });
  }

  /** The instances whose registrations were current when the last server of this database ended. */
  registered(): ReadonlyMap<string, RegistrationEpoch> {
    return new Map([...this.#known].filter(([, registration]) => registration.registration !== undefined));
  }

  #write(instance: string, current: RegistrationEpoch): number {
    const { epoch, registration } = current;
    this.#database
      .prepare("INSERT OR REPLACE INTO lives (instance, epoch, registration) VALUES (?, ?, ?)")
      .run(instance, epoch, registration === undefined ? null : JSON.stringify(registration));
    this.#known.set(instance, current);
    return epoch;
  }
}
