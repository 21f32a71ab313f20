import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** What an instance told at its registration. */
export interface Registration {
  /** Key of the agent that it is an instance of. */
  readonly agent: string;
  readonly capabilities: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

/** One life of an instance: from its registration until its process ends. */
export interface RegistrationEpoch {
  /** Counts the lives of an instance; it only grows, also when the instance was gone in between. */
  readonly epoch: number;
  /** Undefined: nobody has registered under this epoch yet. */
  readonly registration: Registration | undefined;
}

/** The lives of all instances of a cluster. */
export interface Registrations {
  /** Begins a new life. @returns its epoch, durable. */
  begin(instance: string, registration: Registration): Promise<number>;
  /** Closes the present life, if there is one: its epoch is over. @returns the epoch that the next life will have. */
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

  /** The epoch that the next life of each instance will have, wherever it begins. */
  nextEpochs(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#known].map(([instance, { epoch, registration }]) => [
        instance,
        registration === undefined ? epoch : epoch + 1,
      ]),
    );
  }

  /** The next life of an instance that was elsewhere so far has this epoch, or a later one if it was here as well. */
  continueAt(instance: string, epoch: number): void {
    if ((this.nextEpochs().get(instance) ?? 0) < epoch) this.#write(instance, { epoch, registration: undefined });
  }

  /** The instances that were alive and registered when the last server of this ledger was. */
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
