import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Order } from "./order.ts";

const program = fileURLToPath(new URL("worker.ts", import.meta.url));

interface Member {
  readonly child: ChildProcess;
  readonly instance: string;
  readonly epoch: number;
  /** The worker has started to lease. */
  atWork: boolean;
}

/** Worker processes that may be killed; each killed one is replaced. */
export class Fleet {
  readonly #order: Omit<Order, "worker">;
  readonly #members: Member[] = [];
  #named = 0;
  /** Error output of workers: a worker is killed, it never fails. */
  readonly complaints: string[] = [];
  kills = 0;

  constructor(order: Omit<Order, "worker">, size: number) {
    this.#order = order;
    for (let index = 0; index < size; index++) this.#place(index, this.#newName(), 1);
  }

  /**
   * Kills one worker with SIGKILL, once most have started to lease: the startup is not under test. It is replaced by
   * the next registration of the same instance, or by another instance, which leaves the leases of the dead one to
   * expire.
   */
  killOne(random: number): void {
    const working = this.#members.filter((member) => member.atWork);
    const member = working[Math.floor(random * working.length)];
    if (member === undefined || working.length < 0.75 * this.#members.length) return;
    const index = this.#members.indexOf(member);
    member.child.kill("SIGKILL");
    this.kills++;
    if (this.kills % 2 === 0) this.#place(index, member.instance, member.epoch + 1);
    else this.#place(index, this.#newName(), 1);
  }

  async stop(): Promise<void> {
    const ended = this.#members.map(
      ({ child }) =>
        new Promise<void>((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          child.once("exit", () => resolve());
          child.kill("SIGKILL");
        }),
    );
    await Promise.all(ended);
  }

  #newName(): string {
    return `worker-${this.#named++}`;
  }

  #place(index: number, instance: string, epoch: number): void {
    const order: Order = { ...this.#order, worker: { instance, epoch } };
    const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ["ignore", "pipe", "pipe"] });
    const member = { child, instance, epoch, atWork: false };
    child.stdout?.on("data", () => {
      member.atWork = true;
    });
    child.stderr?.on("data", (data: Buffer) => this.complaints.push(data.toString()));
    this.#members[index] = member;
  }
}
