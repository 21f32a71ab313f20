import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findGoProgram } from "../go-programs/find.ts";
import type { Unavailable } from "../services/service.ts";
import type { ControlPlane } from "./control-plane.ts";
import { freePort } from "./free-port.ts";
import { karpenterRecipe } from "./programs.ts";

/** An instance type for Karpenter, and its hourly prices; without a price it is unavailable. */
export interface InstanceOffer {
  readonly name: string;
  readonly resources: Readonly<Record<string, string>>;
  readonly price: { readonly "on-demand"?: number; readonly spot?: number };
}

/** Its node class, created by `startKarpenter`. */
export const kwokNodeClass = { group: "karpenter.kwok.sh", kind: "KWOKNodeClass", name: "default" } as const;

/** Its name for pause and kill. */
export const karpenter = "karpenter";

const zones = ["zone-a", "zone-b"];

/** Runs Karpenter with a control plane, with machines simulated by kwok. A restart applies the current offers. */
export async function startKarpenter(
  plane: ControlPlane,
  offers: readonly InstanceOffer[],
): Promise<Unavailable | undefined> {
  const program = await findGoProgram(karpenterRecipe);
  if (typeof program !== "string") return program;
  await plane.applyCrds("karpenter");
  const { group, kind, name } = kwokNodeClass;
  await plane.apply([{ apiVersion: `${group}/v1alpha1`, kind, metadata: { name } }]);
  const types = join(plane.folder, "instance-types.json");
  writeFileSync(types, JSON.stringify(offers.map(instanceType)));
  plane.start(karpenter, {
    command: [program],
    env: {
      KUBECONFIG: plane.kubeconfig,
      DISABLE_LEADER_ELECTION: "true",
      SYSTEM_NAMESPACE: "kube-system",
      METRICS_PORT: String(await freePort()),
      HEALTH_PROBE_PORT: String(await freePort()),
      INSTANCE_TYPES_FILE_PATH: types,
    },
  });
  return undefined;
}

function instanceType({ name, resources, price }: InstanceOffer) {
  const offerings = Object.entries(price).flatMap(([capacity, Price]) =>
    zones.map((zone) => ({
      Price,
      Available: true,
      Requirements: [
        { key: "karpenter.sh/capacity-type", operator: "In", values: [capacity] },
        { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
      ],
    })),
  );
  return {
    name,
    architecture: "amd64",
    operatingSystems: ["linux"],
    resources: { pods: "110", "ephemeral-storage": "500Gi", ...resources },
    offerings,
  };
}
