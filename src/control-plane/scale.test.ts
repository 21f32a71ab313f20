import { expect, test } from "vitest";
import type { Api } from "./api.ts";
import type { Client } from "./client.ts";
import { untilScaled } from "./scale.ts";

const name = { namespace: "team", kind: "Deployment", name: "writer" } as const;
const workloads = "/apis/apps/v1/namespaces/team/deployments";
const pods = "/api/v1/namespaces/team/pods";

const workload = (version: number, readyReplicas: number) => ({
  metadata: { name: "writer", resourceVersion: String(version), generation: 1 },
  spec: { replicas: 2, selector: { matchLabels: { app: "writer" } }, template: { spec: {} } },
  status: { observedGeneration: 1, replicas: readyReplicas, readyReplicas },
});
const pod = (name: string, ending: boolean) => ({
  metadata: { name, ...(ending && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
});

interface Script {
  /** Answers by path, by turn; the last one stays. */
  readonly answers: Readonly<Record<string, readonly object[]>>;
  /** Events of watches by path, by turn. */
  readonly watches: Readonly<Record<string, readonly (readonly [string, object])[][]>>;
}

function serve({ answers, watches }: Script) {
  const log: string[] = [];
  const turns = new Map<string, number>();
  const turn = (key: string) => {
    turns.set(key, (turns.get(key) ?? -1) + 1);
    return turns.get(key) ?? 0;
  };
  const api: Api = {
    async request({ path }) {
      log.push(`GET ${path.split("/").at(-1)}`);
      const own = answers[path] ?? [];
      return { body: own[Math.min(turn(path), own.length - 1)], warnings: [] };
    },
    async stream({ path, query, signal }) {
      log.push(`watch ${path.split("/").at(-1)} from ${query?.resourceVersion}`);
      const events = watches[path]?.[turn(`watch ${path}`)];
      const { PassThrough } = await import("node:stream");
      const stream = new PassThrough({ signal: signal ?? new AbortController().signal });
      for (const [type, object] of events ?? []) stream.write(`${JSON.stringify({ type, object })}\n`);
      return stream as unknown as Awaited<ReturnType<Api["stream"]>>;
    },
  };
  return { log, client: { api, library: () => Promise.reject(new Error("none")) } satisfies Client };
}

async function scaled(script: Script, signal = new AbortController().signal) {
  const { log, client } = serve(script);
  const told: string[] = [];
  const done = await untilScaled(client, name, (progress) => told.push(progress), signal);
  return { done, log, told };
}

test("a workload that has its count is asked for once, and its pods", async () => {
  const answers = { [`${workloads}/writer`]: [workload(1, 2)], [pods]: [{ items: [pod("a", false)] }] };
  expect(await scaled({ answers, watches: {} })).toEqual({ done: true, log: ["GET writer", "GET pods"], told: [] });
});

test("a watch tells how far it is; the end of each pod is watched too", async () => {
  const answers = {
    [`${workloads}/writer`]: [workload(1, 0), workload(5, 2)],
    [pods]: [
      { metadata: { resourceVersion: "7" }, items: [pod("a", true), pod("b", true), pod("c", false)] },
      { items: [pod("c", false)] },
    ],
  };
  const watches = {
    [workloads]: [[["MODIFIED", workload(2, 1)] as const, ["MODIFIED", workload(3, 2)] as const]],
    [pods]: [[["DELETED", pod("a", true)] as const, ["DELETED", pod("b", true)] as const]],
  };
  expect(await scaled({ answers, watches })).toEqual({
    done: true,
    log: ["GET writer", "watch deployments from 1", "GET pods", "watch pods from 7", "GET pods", "GET writer"],
    told: ["0/2 ready", "1/2 ready", "waiting for 2 to end", "waiting for 1 to end"],
  });
});

test("the deadline ends the wait, whatever it waits for", async () => {
  const late = { [`${workloads}/writer`]: [workload(1, 0)], [pods]: [{ items: [] }] };
  const ending = { [`${workloads}/writer`]: [workload(1, 2)], [pods]: [{ items: [pod("a", true)] }] };
  for (const answers of [late, ending]) {
    expect(await scaled({ answers, watches: {} }, AbortSignal.timeout(30))).toMatchObject({ done: false });
  }
});
