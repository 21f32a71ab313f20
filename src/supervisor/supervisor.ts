import type { Backend } from "../agent-api/backend.ts";
import type { Directive, DirectiveScope } from "../agent-api/database/directives.ts";
import { installKnowledge } from "../agent-api/knowledge/install.ts";
import type { ApiParts } from "../agent-api/parts.ts";
import { publishDirective } from "../agent-api/publish-directive.ts";
import type { FastCount, PoolOwner, PoolStatus, SupervisorStatus } from "../agent-api/status.ts";
import { tokenLifetimeMs } from "../agent-api/token-issuer.ts";
import { SwarmError } from "../errors.ts";
import { markedProcesses } from "../platform/processes/marked.ts";
import { signalProcess } from "../platform/processes/signal.ts";
import type { Instance, InstanceContext } from "./instance.ts";
import { keepFast } from "./keep-fast.ts";
import { removeToken, writeToken } from "./launch.ts";
import { UsageSampler } from "./measure/sampler.ts";
import { Monitor } from "./monitor.ts";
import { Pool } from "./pool.ts";
import { PoolRoster } from "./pool-roster.ts";
import { type PoolSpec, refuseOtherOwners } from "./pool-spec.ts";
import { type PoolRecord, runningProcess } from "./record.ts";
import { refuseFast } from "./refuse-fast.ts";

/** Dependencies of a supervisor; it adds the rest of an instance's context. */
export type SupervisorContext = Pick<InstanceContext, "pad" | "records" | "clock" | "random" | "log">;

export interface SupervisorIdentity {
  readonly cluster: string;
  readonly version: string;
}

/** All pools of one site. */
export class PoolSupervisor {
  readonly #context: InstanceContext;
  readonly #identity: SupervisorIdentity;
  readonly #startedAtMs: number;
  #renewedAtMs = 0;
  /** Storage of the agent API. */
  readonly backend: Backend;
  readonly #monitor: Monitor;
  readonly #sampler: UsageSampler;
  readonly #pools = new Map<string, Pool>();
  #closing = false;
  #closed: () => void = () => {};
  /** Resolves after `close` when all processes have ended. */
  readonly closed: Promise<void>;
  /** The parts behind the agent API. */
  readonly api: ApiParts;

  constructor(context: SupervisorContext, identity: SupervisorIdentity, backend: Backend) {
    const { directives } = backend.database;
    this.api = backend.partsFor(new PoolRoster(this.#pools, directives, context.clock));
    const { registry, events } = this.api;
    const { clock } = context;
    this.#sampler = new UsageSampler(
      clock,
      () => this.#leaders(),
      () => this.#watchAll(),
    );
    this.#monitor = new Monitor({ registry, events, clock, directives, sampler: this.#sampler });
    this.backend = backend;
    this.#context = { ...context, ...this.#hooks() };
    this.#identity = identity;
    this.#startedAtMs = context.clock.now();
    this.closed = new Promise((resolve) => {
      this.#closed = resolve;
    });
  }

  get status(): SupervisorStatus {
    return {
      ...this.#identity,
      pid: process.pid,
      startedAt: new Date(this.#startedAtMs).toISOString(),
      closing: this.#closing,
      pools: [...this.#pools.values()].map((pool) => pool.status).sort((a, b) => (a.agent < b.agent ? -1 : 1)),
    };
  }

  /**
   * Resumes from the records of the site's last supervisor, however it ended: running instances are adopted.
   * @param moved the API has a new address: instances that use it restart one by one.
   */
  recover(moved: boolean): void {
    const { records, pad, log } = this.#context;
    const marked = markedProcesses({ dir: pad.paths.dir });
    for (const record of records.pools()) this.#add(record);
    const recorded = records.instances().filter((record) => this.#pools.has(record.agent));
    const alive = new Map(recorded.map((record) => [record.id, runningProcess(record, marked)]));
    for (const stray of marked.filter((process) => !alive.get(process.instance))) {
      log(`${stray.instance}: killing process ${stray.pid}, left by an instance that ended`);
      signalProcess(stray, "SIGKILL", false);
    }
    const speaking = this.backend.database.registrations.registered();
    for (const record of recorded) {
      const isLost = moved && speaking.has(record.id);
      const taken = isLost ? { ...record, fingerprint: "at another address" } : record;
      this.#pools.get(record.agent)?.restore(taken, alive.get(record.id));
    }
    this.renewTokens();
    this.#sampler.start();
    for (const pool of this.#pools.values()) pool.reconcile();
  }

  /** Renews the tokens of all instances after half of their lifetime. */
  renewTokens(): void {
    const now = this.#context.clock.now();
    // By the clock, not by a timer: a laptop may be suspended.
    if (now - this.#renewedAtMs < tokenLifetimeMs / 2) return;
    this.#renewedAtMs = now;
    for (const pool of this.#pools.values()) {
      for (const { id } of pool.instances) writeToken(this.#context.pad, id, pool.spec.agent);
    }
  }

  /**
   * Sets or clears a directive for all instances of an agent, or for one instance. It applies until it is cleared.
   * @throws SwarmError SW705 when there is no such agent or instance.
   */
  send(scope: DirectiveScope, directive: Directive | undefined): void {
    if ("agent" in scope) this.#pool(scope.agent);
    else this.instance(scope.instance);
    publishDirective(this.backend, this.api.events, scope, directive);
    this.#watchAll();
  }

  /**
   * Longest termination grace period in the scope.
   * @throws SwarmError SW705 when there is no such agent or instance.
   */
  terminationGracePeriodMs(scope: DirectiveScope): number {
    const spec = "agent" in scope ? this.#pool(scope.agent).spec : this.instance(scope.instance).spec;
    return spec.stopTimeoutMs;
  }

  /**
   * The instance with this id.
   * @throws SwarmError SW705 when it does not exist.
   */
  instance(id: string): { readonly instance: Instance; readonly spec: PoolSpec } {
    for (const pool of this.#pools.values()) {
      const instance = pool.find(id);
      if (instance) return { instance, spec: pool.spec };
    }
    const known = [...this.#pools.values()].flatMap((pool) => pool.instances.map((instance) => instance.id));
    throw new SwarmError("SW705", `instance ${id} does not exist`, { values: { instance: id, instances: known } });
  }

  /**
   * Stops an instance, which its pool then starts again.
   * @throws SwarmError SW705 when it does not exist, SW704 when the supervisor is stopping.
   */
  restart(id: string): void {
    this.#refuseWhenClosing();
    const { instance } = this.instance(id);
    const { audit, clock } = this.api;
    audit.append({ at: clock.now(), actor: "operator", action: "instance.restart", detail: { instance: id } });
    instance.stop();
  }

  get pad(): InstanceContext["pad"] {
    return this.#context.pad;
  }

  #pool(agent: string): Pool {
    const pool = this.#pools.get(agent);
    if (pool) return pool;
    const agents = [...this.#pools.keys()];
    throw new SwarmError("SW705", `agent ${agent} does not exist`, { values: { agent, agents } });
  }

  #hooks(): Omit<InstanceContext, keyof SupervisorContext> {
    const { database, dispatcher } = this.backend;
    const { registry } = this.api;
    const report = (error: unknown) => this.#context.log(`tasks of an ended instance: ${String(error)}`);
    return {
      ended: (instance) => void registry.ended(instance).catch(report),
      forgotten: (instance, agent) => {
        database.directives.callOff({ instance });
        this.#monitor.forget(instance);
        removeToken(this.#context.pad, instance);
        // Drained as a whole: the cluster hibernates, and the instance returns.
        const returns = this.#closing || database.directives.inForce(agent, instance) !== undefined;
        this.#context.pad.logs.close(instance, { removesLog: !returns });
      },
      adopted: (instance) => {
        const registration = database.registrations.registered().get(instance);
        if (registration) registry.resume(instance, registration.epoch);
        return registration !== undefined;
      },
      stopping: (instance) => {
        this.api.events.add("instance.stopping", { instance });
        dispatcher.releaseWaiters();
      },
      told: () => dispatcher.releaseWaiters(),
      drained: (instance, sinceMs) => registry.hasDrained(instance, sinceMs),
      idle: (instance, sinceMs) => registry.isIdle(instance, sinceMs),
      describe: (instance, spec) => this.#monitor.describe(instance, spec),
    };
  }

  #leaders(): number[] {
    return [...this.#pools.values()].flatMap((pool) => pool.instances.flatMap(({ pid }) => pid ?? []));
  }

  #watchAll(): void {
    for (const pool of this.#pools.values()) {
      for (const instance of pool.instances) this.#monitor.watch(instance, pool.spec);
    }
  }

  /**
   * Declares a pool. Declaring the same spec again changes nothing.
   * @throws SwarmError SW703 when the pool belongs to another owner, SW704 when the supervisor is stopping.
   */
  put(spec: PoolSpec): PoolStatus {
    this.#refuseWhenClosing();
    const present = this.#pools.get(spec.agent);
    if (present) refuseOtherOwners(present.spec, spec.owner);
    if (spec.knowledge) installKnowledge(this.#context.pad.paths.knowledge, spec.knowledge);
    const fast = keepFast(present, spec);
    this.#context.records.writePool({ spec, removing: false, ...(fast && { fast }) });
    const pool = present ?? this.#add({ spec, removing: false });
    pool.update(spec, fast);
    return pool.status;
  }

  /**
   * Applies the count of an autoscaler, which applies until another count is declared. Instances over it finish their tasks first.
   * @throws SwarmError SW705 when the agent does not exist, SW718 when the count was decided for another state than the current
   * one, SW704 when the supervisor is stopping.
   */
  scale(agent: string, uid: string, fast: FastCount): PoolStatus {
    this.#refuseWhenClosing();
    const pool = this.#pool(agent);
    const refusal = refuseFast(pool, uid, fast, this.backend.database, this.api.clock.now());
    if (refusal !== undefined) {
      const { because, reason } = refusal;
      throw new SwarmError("SW718", `${agent} keeps ${pool.wanted}: ${reason}`, { values: { agent, fast, because } });
    }
    this.#context.records.writePool({ spec: pool.spec, removing: false, fast });
    const { audit, clock, events } = this.api;
    const detail = { agent, from: pool.wanted, to: fast.count };
    audit.append({ at: clock.now(), actor: "autoscaler", action: "pool.scale", detail });
    events.add("pool.scaled", detail);
    pool.scale(fast);
    return pool.status;
  }

  /**
   * Deletes a pool; its instances stop in the background. Deleting a missing pool succeeds.
   * @param owner when given, only this owner's pool is deleted.
   * @throws SwarmError SW703 when the pool belongs to another owner, SW704 when the supervisor is stopping.
   */
  delete(agent: string, owner: PoolOwner | undefined): void {
    this.#refuseWhenClosing();
    const pool = this.#pools.get(agent);
    if (!pool) return;
    if (owner) refuseOtherOwners(pool.spec, owner);
    this.#context.records.writePool({ spec: pool.spec, removing: true });
    pool.remove();
  }

  /** Stops all instances and keeps the specs for the next supervisor. */
  close(): void {
    this.#closing = true;
    for (const pool of this.#pools.values()) pool.close();
    this.#settle();
  }

  #add(record: PoolRecord): Pool {
    const pool = new Pool(this.#context, record, () => this.#settle());
    this.#pools.set(record.spec.agent, pool);
    return pool;
  }

  /** Drops deleted pools without instances, and ends when all processes have stopped. */
  #settle(): void {
    for (const [agent, pool] of this.#pools) {
      if (!pool.removing || !pool.empty) continue;
      this.#pools.delete(agent);
      this.#context.records.removePool(agent);
      this.backend.database.directives.callOff({ agent });
    }
    if (!this.#closing || ![...this.#pools.values()].every((pool) => pool.empty)) return;
    this.#sampler.stop();
    this.#closed();
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new SwarmError("SW704", `the supervisor of ${this.#identity.cluster} is stopping`);
  }
}
