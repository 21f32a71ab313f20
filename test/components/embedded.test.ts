import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BlueprintDocument } from "../../src/index.ts";
import { AgentCluster } from "../../src/index.ts";
import { until } from "../support/sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "swarm-embedded-"));
const registered: { readonly type: string; readonly name: string; readonly inputs: Record<string, unknown> }[] = [];

// Connections to port 1 are refused at once.
const kubeconfig = {
  "current-context": "here",
  clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:1" } }],
  contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user: {} }],
};

const blueprint: BlueprintDocument = {
  metadata: { id: "team", name: "Team", version: "1.0.0" },
  cluster: { type: "standard" },
  agents: [{ role: "worker", name: "Writer", count: "1-3", capabilities: ["copywriting"] }],
};

const before = { ...process.env };

beforeAll(async () => {
  const file = join(folder, "kubeconfig");
  writeFileSync(file, JSON.stringify(kubeconfig));
  // Variables that the runner sets for its own stacks.
  Object.assign(process.env, { KUBECONFIG: file, SWARM_OPERATION_ID: "op-1", SWARM_TARGET: "docker" });
  await pulumi.runtime.setMocks(
    {
      call: async () => ({}),
      async newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        const document = { uid: "u1", generation: 1, counts: { writer: 1 }, power: "active" };
        return { id: name, state: { ...inputs, ...(type === "swarmstack:index:Desired" && { document }) } };
      },
    },
    "shop",
    "dev",
  );
});

afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

test("on kubernetes it has an endpoint, a namespace, and transforms; it ignores the runner's variables", async () => {
  const team = new AgentCluster("team", {
    blueprint,
    target: "kubernetes",
    targetWorkers: 2,
    transform: { deployment: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { owner: "shop" } } }) },
  });
  expect(await resolved(team.cluster)).toBe("team-dev");
  expect(await resolved(team.counts)).toEqual({ writer: 1 });
  expect(await resolved(team.namespace)).toBe("team-dev");
  expect(await resolved(team.endpoint)).toBe("http://team-dev--api.team-dev.svc:7700");
  const desired = registered.find(({ type }) => type === "swarmstack:index:Desired");
  expect(desired).toMatchObject({
    name: "team-dev-desired",
    inputs: { cluster: "team-dev", embedded: true, targetWorkers: 2, place: { target: "kubernetes", context: "here" } },
  });
  expect(desired?.inputs).not.toHaveProperty("operation");
  expect(desired?.inputs).not.toHaveProperty("change");
  const deployment = await until("the Deployment is registered", () =>
    registered.find(({ type }) => type === "kubernetes:apps/v1:Deployment"),
  );
  expect(deployment.inputs).toMatchObject({ metadata: { annotations: { owner: "shop" } } });
});

test("its inputs are the program's arguments, without functions", () => {
  const component = registered.find(({ type }) => type === "swarmstack:index:AgentCluster");
  expect(component?.inputs).toEqual({ blueprint, target: "kubernetes", targetWorkers: 2, cluster: "team-dev" });
});
