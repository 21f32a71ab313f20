import type { FastCount, PoolStatus } from "../agent-api/status.ts";
import type { ProcessIdentity } from "../platform/processes/identity.ts";
import { Instance, type InstanceContext } from "./instance.ts";
import { fingerprint, instanceId, type PoolSpec } from "./pool-spec.ts";
import { type Action, reconcile } from "./reconcile.ts";
import type { InstanceRecord, PoolRecord } from "./record.ts";

/**
 * Starts per turn of the event loop. Starting a process blocks for some milliseconds; the API must stay responsive
 * while hundreds start.
 */
const startsPerTurn = 8;

/** The instances of one agent, reconciled with their spec. */
export class Pool {
  readonly #context: InstanceContext;
  readonly #changed: () => void;
  readonly #instances = new Map<number, Instance>();
  #spec: PoolSpec;
  #removing: boolean;
  #fast: FastCount | undefined;
  /** The supervisor is stopping: the pool stops all instances, whatever the spec. */
  #closing = false;
  #scheduled = false;

  /** @param changed called after each change of the pool or one of its instances. */
  constructor(context: InstanceContext, { spec, removing, fast }: PoolRecord, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
    this.#spec = spec;
    this.#removing = removing;
    this.#fast = fast;
  }

  get fast(): FastCount | undefined {
    return this.#fast;
  }

  get spec(): PoolSpec {
    return this.#spec;
  }

  get removing(): boolean {
    return this.#removing;
  }

  get empty(): boolean {
    return this.#instances.size === 0;
  }

  get size(): number {
    return this.#instances.size;
  }

  /** Sorted by ordinal. */
  get instances(): readonly Instance[] {
    return [...this.#instances.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  find(id: string): Instance | undefined {
    const instance = this.#instances.get(Number(id.slice(this.#spec.agent.length + 1)));
    return instance?.id === id ? instance : undefined;
  }

  get status(): PoolStatus {
    const { instances } = this;
    const running = instances.map((instance) => instance.view).filter((view) => view.state === "running");
    const staying = running.filter((view) => !view.retiring);
    const present = fingerprint(this.#spec);
    return {
      agent: this.#spec.agent,
      role: this.#spec.role,
      name: this.#spec.name,
      wanted: this.wanted,
      declared: this.#spec.count,
      ...(this.#fast && { fast: this.#fast }),
      running: running.length,
      updated: staying.filter((view) => view.fingerprint === present).length,
      generation: this.#spec.generation,
      owner: this.#spec.owner,
      removing: this.#removing,
      instances: instances.map((instance) => ({
        ...instance.status,
        ...this.#context.describe(instance, this.#spec),
      })),
    };
  }

  /** Restores a recorded instance, with its process if it is still running. */
  restore(record: InstanceRecord, alive: ProcessIdentity | undefined): void {
    const instance = this.#add(record.ordinal);
    if (alive) instance.adopt(record, alive);
    else instance.succeed(record);
  }

  /** Applies a declared spec. The count of an autoscaler stays, unless another count is declared than before. */
  update(spec: PoolSpec, fast: FastCount | undefined): void {
    this.#spec = spec;
    this.#removing = false;
    this.#fast = fast;
    // The cause of their failure may have been fixed in a file that is not part of the spec.
    for (const instance of this.#instances.values()) {
      if (instance.view.fingerprint === fingerprint(spec)) instance.retry();
    }
    this.reconcile();
  }

  /** Applies the count of an autoscaler. */
  scale(fast: FastCount): void {
    this.#fast = fast;
    this.reconcile();
  }

  /** Stops all instances; the pool is `empty` afterwards. */
  remove(): void {
    this.#removing = true;
    this.reconcile();
  }

  close(): void {
    this.#closing = true;
    this.reconcile();
  }

  reconcile(): void {
    const views = [...this.#instances.values()].map((instance) => instance.view);
    const patient = this.#fast !== undefined && !this.#closing && !this.#removing;
    const actions = reconcile({ count: this.wanted, patient, fingerprint: fingerprint(this.#spec) }, views);
    const starts = actions.filter((action) => action.kind === "start");
    for (const action of actions.filter((one) => one.kind !== "start")) this.#act(action);
    this.#context.pad.logs.prepare(starts.map(({ ordinal }) => instanceId(this.#spec.agent, ordinal)));
    for (const action of starts.slice(0, startsPerTurn)) this.#act(action);
    this.#changed();
  }

  /** Desired count. */
  get wanted(): number {
    return this.#closing || this.#removing ? 0 : (this.#fast?.count ?? this.#spec.count);
  }

  #act({ kind, ordinal }: Action): void {
    switch (kind) {
      case "start":
        (this.#instances.get(ordinal) ?? this.#add(ordinal)).start();
        break;
      case "stop":
        this.#instances.get(ordinal)?.stop();
        break;
      case "retire":
        this.#instances.get(ordinal)?.retire();
        break;
      case "keep":
        this.#instances.get(ordinal)?.keep();
        break;
      case "forget":
        this.#context.forgotten(instanceId(this.#spec.agent, ordinal), this.#spec.agent);
        // Last: after a kill in between, the next supervisor removes the rest.
        this.#instances.get(ordinal)?.forget();
        this.#instances.delete(ordinal);
        break;
      default:
        kind satisfies never;
    }
  }

  #add(ordinal: number): Instance {
    const instance = new Instance(
      this.#context,
      ordinal,
      () => this.#spec,
      () => this.#schedule(),
    );
    this.#instances.set(ordinal, instance);
    return instance;
  }

  /** Coalesces the changes of one turn of the event loop into one reconciliation. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.reconcile();
    });
  }
}
