import { expect, test } from "vitest";
import { z } from "zod";
import { defineOperation } from "../../src/lifecycle/executor/definition.ts";
import { perform } from "../../src/lifecycle/lifecycle.ts";
import { operations } from "../../src/lifecycle/operations/operations.ts";
import { findEngine } from "../../src/stacks/engine/index.ts";
import { readSettings } from "../../src/stacks/settings.ts";
import { clusterOn, operationsOf, statusOf, stepsOf } from "../support/targets/cluster.ts";
import { localTarget } from "../support/targets/local.ts";

const noop = defineOperation({
  kind: "noop",
  input: z.object({}),
  request: z.object({}),
  prepare: async () => ({}),
  states: { noop: { ACTIVE: "ACTIVE" } },
  during: "ACTIVE",
  steps: [
    {
      name: "note",
      async run(run) {
        run.note("nothing to do");
        return undefined;
      },
    },
  ],
});

test("an operation unknown to the executor is journalled, performed and shown like any other", async ({
  onTestFinished,
}) => {
  const cluster = await clusterOn(localTarget, onTestFinished, { workers: "1" });
  const settings = readSettings(cluster.sandbox.env);
  const engine = await findEngine({ env: settings.env });
  const signal = new AbortController().signal;
  const options = { settings, engine, signal, onEvent: () => {}, operations: [...operations, noop] };
  const performed = await perform(options, noop, { cluster: cluster.name, waitMs: 0 }, {});
  expect(performed).toMatchObject({ kind: "noop", cluster: cluster.name, status: "ACTIVE", changes: {} });
  const [newest] = await operationsOf(cluster);
  expect(newest).toMatchObject({ id: performed.operation, kind: "noop", status: "succeeded" });
  expect(await stepsOf(cluster, performed.operation)).toEqual({ note: "succeeded" });
  expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running" });
});
