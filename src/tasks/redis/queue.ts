import type { WallClock } from "../../store/clock.ts";
import { newId } from "../../store/ids.ts";
import type { Json } from "../../store/json.ts";
import { type Page, page } from "../../store/page.ts";
import type { FenceName } from "../fences.ts";
import { importedTask } from "../imported-task.ts";
import type { NewTask } from "../new-task.ts";
import type {
  AckReply,
  AddReply,
  EndReply,
  ExtendReply,
  LeaseProof,
  LeaseReply,
  QueueCounts,
  TaskFailure,
  TaskListRequest,
  TaskQueue,
  Worker,
} from "../queue.ts";
import { retryDelayMs } from "../retry-delay.ts";
import { rank, toLeased, toTask } from "../rows.ts";
import { selectorsOf, selectorWord } from "../selector.ts";
import type { Task, TaskState } from "../task.ts";
import type { RedisClient } from "./connect.ts";
import { type CountsReply, countsOfReply } from "./counts-reply.ts";
import { luaFences } from "./lua/fences.ts";
import { type Flat, fieldsOf, rowOf } from "./rows.ts";
import type { Script } from "./script.ts";
import { createScripts } from "./scripts.ts";
import { descending, lineOf, type StreamName, streamOf } from "./streams.ts";

export interface RedisQueueOptions {
  readonly client: RedisClient;
  readonly cluster: string;
  readonly clock: WallClock;
  /** In [0, 1): spreads the back-off. */
  readonly random: () => number;
  /** By agent: the streams in the blueprint. */
  readonly streams: Readonly<Record<string, StreamName>>;
}

/** Attempts and lease of a job that another producer added to a stream. */
const adopted = { maxAttempts: 3, leaseMs: 300_000 };

const scripts = createScripts(luaFences);

/** The tasks of a cluster in Redis Streams (one server; the keys of a script are not in one slot of a Redis Cluster). */
export class RedisQueue implements TaskQueue {
  readonly #options: RedisQueueOptions;
  readonly #base: string;
  readonly #scripts: ReturnType<typeof createScripts>;

  constructor(options: RedisQueueOptions, fences: Readonly<Partial<Record<FenceName, string>>> = luaFences) {
    this.#options = options;
    this.#base = `swarm:{${options.cluster}}:`;
    this.#scripts = fences === luaFences ? scripts : createScripts(fences);
  }

  async add(task: NewTask): Promise<AddReply> {
    const { clock, cluster, streams } = this.#options;
    const id = newId("task", clock.now());
    const selector = selectorWord(task.selector);
    const { stream, group } = streamOf(cluster, selector, streams);
    return this.#json(this.#scripts.add, {
      ...{ id, selector, group, stream: lineOf(stream, task.priority), priority: rank[task.priority] },
      ...{ payload: JSON.stringify(task.payload), idempotencyKey: task.idempotencyKey ?? id },
      ...{ maxAttempts: task.maxAttempts, leaseMs: task.leaseMs, deadlineAt: task.deadlineAt ?? "" },
    });
  }

  async fence(instance: string, epoch: number): Promise<boolean> {
    return (await this.#run(this.#scripts.fence, { instance, epoch })) === 1;
  }

  async lease(worker: Worker, limit: number): Promise<LeaseReply> {
    const { cluster, streams } = this.#options;
    const lines = descending.map((priority) =>
      selectorsOf(worker).map((selector) => {
        const { stream, group } = streamOf(cluster, selector, streams);
        return { selector, group, stream: lineOf(stream, priority), priority: rank[priority] };
      }),
    );
    const { instance, epoch } = worker;
    const args = { worker: { instance, epoch }, limit, lines, adopt: adopted };
    const [status, ...tasks] = (await this.#run(this.#scripts.lease, args)) as [string, ...Flat[]];
    if (status !== "ok") return { ok: false, reason: "old-epoch" };
    return {
      ok: true,
      tasks: tasks.map((flat) => {
        const row = rowOf(cluster, flat);
        return toLeased(row, { instance, epoch, attempt: row.attempt, until: row.availableAt });
      }),
    };
  }

  extend(proof: LeaseProof): Promise<ExtendReply> {
    return this.#json(this.#scripts.extend, { proof });
  }

  ack(proof: LeaseProof, result: Json): Promise<AckReply> {
    return this.#json(this.#scripts.ack, { proof, result: JSON.stringify(result) });
  }

  fail(proof: LeaseProof, { error, retryable }: TaskFailure): Promise<EndReply> {
    const delayMs = retryDelayMs(proof.attempt, this.#options.random());
    return this.#json(this.#scripts.fail, { proof, error, retryable, delayMs });
  }

  handBack(proof: LeaseProof): Promise<EndReply> {
    return this.#json(this.#scripts.handBack, { proof });
  }

  cancel(id: string): Promise<TaskState | undefined> {
    return this.#state(this.#scripts.cancel, id);
  }

  requeue(id: string): Promise<TaskState | undefined> {
    return this.#state(this.#scripts.requeue, id);
  }

  remove(id: string): Promise<TaskState | undefined> {
    return this.#state(this.#scripts.remove, id);
  }

  async takeOver(tasks: readonly Task[]): Promise<void> {
    const { clock, cluster, streams } = this.#options;
    const given = tasks.map((task) => {
      const { stream, group } = streamOf(cluster, selectorWord(task.selector), streams);
      const to = importedTask(task, clock.now());
      const fields = { ...fieldsOf(to), stream: lineOf(stream, task.priority), group, entry: "" };
      return { id: task.id, state: to.state, fields };
    });
    await this.#run(this.#scripts.takeOver, { tasks: given });
  }

  async sweep(): Promise<number> {
    return (await this.#run(this.#scripts.sweep, {})) as number;
  }

  async show(id: string): Promise<Task | undefined> {
    const fields = await this.#options.client.hGetAll(`${this.#base}task:${id}`);
    const flat = Object.entries(fields).flat();
    return flat.length === 0 ? undefined : this.#task(flat);
  }

  async list({ limit, before, state, changedSince = 0 }: TaskListRequest): Promise<Page<Task>> {
    const args = { limit: limit + 1, before: before ?? "", state: state ?? "", since: changedSince };
    const found = (await this.#run(this.#scripts.list, args)) as Flat[];
    return page(
      found.map((flat) => this.#task(flat)),
      limit,
      (task) => task.id,
      (task) => task,
    );
  }

  async counts(selectors: readonly string[] = []): Promise<QueueCounts> {
    return (await this.lookUp(selectors)).counts;
  }

  /** Counts, and whether the server has keys of this queue: it does once a task was added. */
  async lookUp(selectors: readonly string[]): Promise<{ readonly counts: QueueCounts; readonly exists: boolean }> {
    const { cluster, streams } = this.#options;
    const lines = selectors.map((selector) => ({
      ...{ selector, ...streamOf(cluster, selector, streams) },
      named: selector.startsWith("agent:") && selector.slice("agent:".length) in streams,
    }));
    const reply = (await this.#run(this.#scripts.counts, { lines })) as CountsReply;
    return { counts: countsOfReply(reply), exists: reply[0].length > 0 };
  }

  async prune(before: number): Promise<number> {
    let pruned = 0;
    for (;;) {
      const batch = (await this.#run(this.#scripts.prune, { before })) as number;
      pruned += batch;
      if (batch === 0) return pruned;
    }
  }

  #task(flat: Flat): Task {
    return toTask(rowOf(this.#options.cluster, flat), this.#options.clock.now());
  }

  async #state(script: Script, id: string): Promise<TaskState | undefined> {
    return ((await this.#run(script, { id })) as TaskState | null) ?? undefined;
  }

  async #json<Reply>(script: Script, args: Readonly<Record<string, unknown>>): Promise<Reply> {
    return JSON.parse((await this.#run(script, args)) as string) as Reply;
  }

  #run(script: Script, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return script.run(this.#options.client, this.#base, { ...args, now: this.#options.clock.now() });
  }
}
