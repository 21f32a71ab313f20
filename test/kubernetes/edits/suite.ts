import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Plan } from "../../../src/plan/plan.ts";
import { useControlPlane } from "../../support/servers/control-plane.ts";
import { type Done, findEngineOnPath, PluginStack } from "../plugin/support/stack.ts";
import { sayReady } from "../support/controllers.ts";
import { nothingRemains } from "../support/objects.ts";
import { documents, planOf, program } from "./cluster.ts";
import { type Edit, edited } from "./edit.ts";
import { effectOn } from "./effect.ts";
import { applied, refused } from "./table.ts";

const kinds = ["nodepools.karpenter.sh", "scaledobjects.keda.sh", "ciliumnetworkpolicies.cilium.io"] as const;
function changes({ operations }: Done): readonly string[] {
  return operations
    .filter(({ op }) => op !== "same" && op !== "refresh" && op !== "read")
    .map(({ op, type, name }) => `${op} ${type} ${name}`)
    .sort();
}

function failuresOf({ ok, errors }: Done): readonly string[] {
  return ok ? [] : errors;
}

/**
 * Applies each edit of the table to these blueprints: preview and update must both match the table. The clusters
 * share a stack, because starting the engine costs more than one of them.
 */
export function editsSuite(names: readonly string[]): void {
  const plane = useControlPlane(
    {
      pools: [
        { name: "cpu", count: 3 },
        { name: "l4", count: 1, gpu: { name: "nvidia-l4", count: 8 } },
        { name: "t4", count: 1, gpu: { name: "nvidia-t4", count: 4 } },
      ],
    },
    async (started) => {
      for (const source of ["cilium", "karpenter", "keda"] as const) await started.applyCrds(source);
      await started.runKubectl(["create", "namespace", "team-a"]);
      return undefined;
    },
  );

  const folder = mkdtempSync(join(tmpdir(), "swarm-edits-"));
  let controllers: ReturnType<typeof sayReady>;

  beforeAll(() => {
    for (const [bundle, text] of Object.entries({ brand: "Plain words.", other: "Other words." })) {
      mkdirSync(join(folder, bundle));
      writeFileSync(join(folder, bundle, "tone.md"), text);
    }
    for (const name of ["token.txt", "other-token.txt"]) writeFileSync(join(folder, name), `value of ${name}\n`);
    Object.assign(process.env, {
      KUBECONFIG: writeKubeconfig(),
      SWARM_TEST_OPENAI_API_KEY: "one",
      SWARM_TEST_OTHER_KEY: "another",
      HF_TOKEN: "token",
    });
    findEngineOnPath(process.env.SWARM_ENGINE ?? "");
    controllers = sayReady(plane(), ["nodepools.karpenter.sh", "scaledobjects.keda.sh"]);
  });
  afterAll(async () => {
    await controllers?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** All contexts in the blueprints refer to the one control plane. */
  function writeKubeconfig(): string {
    const config = parse(readFileSync(plane().kubeconfig, "utf8"));
    const [{ context }] = config.contexts;
    for (const name of ["production", "staging"]) config.contexts.push({ name, context });
    const path = join(folder, "kubeconfig");
    writeFileSync(path, stringify(config), { mode: 0o600 });
    return path;
  }

  /** The current documents. */
  const current = new Map([...documents()].filter(([name]) => names.includes(name)));
  const editsOf = (name: string) => applied.filter(({ blueprint }) => blueprint === name);
  const rounds = Array.from({ length: Math.max(...names.map((name) => editsOf(name).length)) }, (_, round) => ({
    round,
  }));
  const stack = new PluginStack("edits", "kubernetes", {
    // No engine is killed here, so the state is written once per update.
    env: { SWARM_HOME: folder, PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" },
    config: { "swarmstack:token": "configured" },
  });
  let claimsAtFirst: string[] = [];

  afterAll(() => stack.dispose());

  function plans(): ReadonlyMap<string, Plan> {
    return new Map([...current].map(([name, document]) => [name, planOf(name, document)]));
  }

  const running = (all: ReadonlyMap<string, Plan>) => () => program(all, folder);

  async function claims() {
    const { items } = await plane().client().makeApiClient(CoreV1Api).listPersistentVolumeClaimForAllNamespaces();
    return items.map(({ metadata, spec }) => ({
      identity: `${metadata?.name} ${metadata?.uid}`,
      size: spec?.resources?.requests?.storage,
    }));
  }

  test("they come up", async () => {
    expect(failuresOf(await stack.up(running(plans())))).toEqual([]);
    claimsAtFirst = (await claims()).map(({ identity }) => identity);
  });

  test.each(rounds)("edit $round: plan and update match the table", async ({ round }) => {
    const edits = names.flatMap((name) => editsOf(name)[round] ?? []);
    for (const edit of edits) current.set(edit.blueprint, edited(current.get(edit.blueprint), edit));
    const all = plans();
    const preview = await stack.preview(running(all));
    const up = await stack.up(running(all));
    expect([...failuresOf(preview), ...failuresOf(up)]).toEqual([]);
    expect.soft(changes(up)).toEqual(changes(preview));
    const expected = new Map(edits.map(({ blueprint, does }) => [blueprint, does]));
    for (const name of names) {
      const effect = { [name]: effectOn(name, up.operations) };
      expect.soft(effect).toEqual({ [name]: expected.get(name) ?? "the same blueprint" });
    }
  });

  test("PersistentVolumeClaims survive their StatefulSets, and have grown", async () => {
    const found = await claims();
    expect(found.map(({ identity }) => identity)).toEqual(expect.arrayContaining(claimsAtFirst));
    const single = found.filter(({ identity }) => identity.startsWith("state-everything-single-"));
    for (const { size } of single) expect(size).toBe(String(2 * 1024 ** 3));
  });

  test("then no changes are left", async () => {
    const preview = await stack.preview(running(plans()));
    expect(failuresOf(preview)).toEqual([]);
    expect(changes(preview)).toEqual([]);
  });

  test.each(
    refused.filter(({ blueprint }) => names.includes(blueprint)),
  )("$blueprint, refused: $edit", async (edit) => {
    expect(await answerTo(edit)).toMatch(edit.says);
  });

  /** The messages for an edit, from the compiler or the preview. */
  async function answerTo(edit: Edit): Promise<string> {
    let plan: Plan;
    try {
      plan = planOf(edit.blueprint, edited(current.get(edit.blueprint), edit));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    const preview = await stack.preview(running(new Map([[edit.blueprint, plan]])));
    return preview.ok ? "it is taken" : preview.errors.join("\n");
  }

  test("destroy leaves nothing, including PersistentVolumeClaims and their volumes", async () => {
    expect(failuresOf(await stack.destroy())).toEqual([]);
    for (const name of names) await nothingRemains(plane(), name, kinds);
  });
}
