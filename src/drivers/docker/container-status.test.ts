import { expect, test } from "vitest";
import { containerStatus } from "./container-status.ts";

const state = {
  ...{ Status: "running", Running: true, Paused: false, Restarting: false, OOMKilled: false, Dead: false },
  ...{
    Pid: 4711,
    ExitCode: 0,
    Error: "",
    StartedAt: "2026-11-22T05:00:00.123456789Z",
    FinishedAt: "0001-01-01T00:00:00Z",
  },
};

function container(changes: Partial<typeof state> & { Health?: { Status: string } }) {
  const State = { ...state, ...changes } as Parameters<typeof containerStatus>[0]["State"];
  return { State, RestartCount: 2, Config: { Labels: { "swarmstack.dev/instance": "writer-0" } } };
}

const gone = { Pid: 0, Running: false };

test.each<{ title: string; changes: Parameters<typeof container>[0]; want: object }>([
  {
    title: "runs",
    changes: {},
    want: { id: "writer-0", state: "running", pid: 4711, restarts: 2, startedAt: "2026-11-22T05:00:00.123Z" },
  },
  { title: "has not shown its life", changes: { Health: { Status: "starting" } }, want: { state: "starting" } },
  { title: "shows none any more", changes: { Health: { Status: "unhealthy" } }, want: { state: "running" } },
  { title: "was never started", changes: { ...gone, Status: "created" }, want: { state: "starting" } },
  {
    title: "waits to be started again",
    changes: { ...gone, Status: "restarting", ExitCode: 3 },
    want: { state: "backing-off", reason: "ended with exit code 3" },
  },
  {
    title: "was killed and stays",
    changes: { ...gone, Status: "exited", ExitCode: 137 },
    want: { state: "stopped", reason: "ended by signal 9" },
  },
  {
    title: "took too much memory",
    changes: { ...gone, Status: "exited", ExitCode: 137, OOMKilled: true },
    want: { reason: "ended by signal 9: it was out of memory" },
  },
  { title: "is paused", changes: { Status: "paused" }, want: { state: "stopped", reason: "paused" } },
  { title: "cannot be removed", changes: { ...gone, Status: "dead" }, want: { state: "failed" } },
])("a container that $title", ({ changes, want }) => {
  expect(containerStatus(container(changes))).toMatchObject(want);
});
