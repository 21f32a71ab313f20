import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Sends the heartbeats of one instance. */
export class Beater {
  readonly replyMs: number[] = [];
  intervalMs = 0;
  readonly #instance: string;
  readonly #api: string;
  readonly #tokenFile: string;
  #epoch = 0;

  constructor(instance: string, api: string, tokenFile: string) {
    this.#tokenFile = tokenFile;
    this.#instance = instance;
    this.#api = `${api}/agent/v1`;
  }

  async register(): Promise<void> {
    const body = { instance: this.#instance, agent: "idler", capabilities: [], versions: { agent: "bench" } };
    const reply = await this.#post("/register", body);
    this.#epoch = reply.epoch;
    this.intervalMs = reply.heartbeatIntervalMs;
  }

  async beatUntil(end: number, firstAfterMs: number): Promise<void> {
    const work = { openTasks: [], tasksPerMinute: 1, errors: 0, cpu: 0.01, memoryBytes: 1_000_000 };
    await delay(firstAfterMs);
    while (performance.now() < end) {
      const begun = performance.now();
      await this.#post("/heartbeat", { epoch: this.#epoch, state: "idle", ...work });
      this.replyMs.push(performance.now() - begun);
      await delay(Math.max(0, this.intervalMs - (performance.now() - begun)));
    }
  }

  async #post(path: string, body: object): Promise<{ epoch: number; heartbeatIntervalMs: number }> {
    const token = readFileSync(this.#tokenFile, "utf8");
    const response = await fetch(this.#api + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} of ${this.#instance}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<{ epoch: number; heartbeatIntervalMs: number }>;
  }
}
