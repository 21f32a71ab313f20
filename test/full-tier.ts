import { editsCases } from "./kubernetes/edits/groups.ts";
import { killCases, migrationCases } from "./lifecycle/kill/cases.ts";
import { roundsCases } from "./lifecycle/rounds-cases.ts";
import { scaleInCases } from "./lifecycle/scale-in-cases.ts";
import type { Unit } from "./support/shards.ts";

/** Independent cases of one file. */
function casesOf(file: string, cases: readonly { readonly id: string; readonly seconds: number }[]): readonly Unit[] {
  return cases.map(({ id, seconds }) => ({ file, case: id, seconds }));
}

/** Each file, or case, of the full tier, with the seconds that it takes on two cores: what shards are cut by. */
export const fullTier: readonly Unit[] = [
  { file: "agents/docker.full.test.ts", seconds: 450 },
  { file: "agents/exactly-once-kubernetes.full.test.ts", seconds: 460 },
  { file: "agents/exactly-once.full.test.ts", seconds: 500 },
  { file: "blueprint/fuzz.full.test.ts", seconds: 120 },
  { file: "cluster/docker.full.test.ts", seconds: 600 },
  { file: "cluster/local.full.test.ts", seconds: 60 },
  { file: "compatibility/previous.full.test.ts", seconds: 300 },
  { file: "docker/egress.full.test.ts", seconds: 150 },
  { file: "docker/images.full.test.ts", seconds: 300 },
  { file: "docker/lifecycle.full.test.ts", seconds: 250 },
  { file: "docker/login.full.test.ts", seconds: 30 },
  { file: "docker/plugin/daemon.full.test.ts", seconds: 40 },
  { file: "docker/plugin/engine.full.test.ts", seconds: 200 },
  { file: "docker/restart.full.test.ts", seconds: 150 },
  { file: "docker/tls.full.test.ts", seconds: 20 },
  { file: "environments/branches.full.test.ts", seconds: 50 },
  { file: "environments/left.full.test.ts", seconds: 60 },
  { file: "interrupted/interrupted.full.test.ts", seconds: 60 },
  { file: "karpenter/gpu-pools.full.test.ts", seconds: 400 },
  { file: "kubernetes/agents.full.test.ts", seconds: 200 },
  { file: "kubernetes/counts.full.test.ts", seconds: 240 },
  ...casesOf("kubernetes/edits/edits.full.test.ts", editsCases),
  { file: "kubernetes/faults.full.test.ts", seconds: 240 },
  { file: "kubernetes/plugin/engine.full.test.ts", seconds: 200 },
  { file: "kubernetes/plugin/retries.full.test.ts", seconds: 30 },
  { file: "lifecycle/docker.full.test.ts", seconds: 900 },
  { file: "lifecycle/kubernetes-autoscalers.full.test.ts", seconds: 400 },
  { file: "lifecycle/kubernetes-update.full.test.ts", seconds: 900 },
  { file: "lifecycle/kubernetes.full.test.ts", seconds: 700 },
  { file: "lifecycle/local.full.test.ts", seconds: 300 },
  { file: "lifecycle/noop.full.test.ts", seconds: 15 },
  { file: "lifecycle/signals.full.test.ts", seconds: 60 },
  { file: "lifecycle/migrate-around.full.test.ts", seconds: 830 },
  { file: "lifecycle/migrate-failed.full.test.ts", seconds: 860 },
  { file: "lifecycle/migrate-without-room.full.test.ts", seconds: 80 },
  ...casesOf("lifecycle/kill/kill.full.test.ts", killCases),
  ...casesOf("lifecycle/kill/migrate.full.test.ts", migrationCases),
  ...casesOf("lifecycle/rounds.full.test.ts", roundsCases),
  ...casesOf("lifecycle/scale-in.full.test.ts", scaleInCases),
  { file: "scaling/simulator.full.test.ts", seconds: 60 },
  { file: "tasks/chaos.full.test.ts", seconds: 300 },
  { file: "tasks/model.full.test.ts", seconds: 300 },
  { file: "tools/control-plane-by-hand.full.test.ts", seconds: 30 },
  { file: "tools/control-plane.full.test.ts", seconds: 60 },
  { file: "tools/dockerd.full.test.ts", seconds: 60 },
  { file: "tools/process-node.full.test.ts", seconds: 90 },
];
