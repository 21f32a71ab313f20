import { afterAll, beforeAll, expect, test } from "vitest";
import { Sandbox } from "../support/sandbox.ts";
import { useSharedControlPlane } from "../support/servers/control-plane.ts";

const plane = useSharedControlPlane();
let sandbox: Sandbox;

beforeAll(() => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig, HF_TOKEN: "token-of-the-test" });
});
afterAll(() => sandbox?.dispose());

const blueprint = `metadata: { id: lacking, name: Lacking, version: 1.0.0 }
cluster:
  type: project
  min_workers: 1
  max_workers: 9
  target: kubernetes
  network: { provider: cilium, egress: ["pypi.org:443"] }
gpu_pools:
  - name: l4
    gpu: nvidia-l4
    nodes: 0-2
    spot: {}
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Model
    count: 0-2
    reports_to: supervisor
    capabilities: [inference]
    resources: { gpu: 1, gpu_pool: l4 }
    scaling:
      owner: keda
      signals: [{ metric: load_percentage, target: 80 }]
`;

const lacking = [
  "the kind NodePool of karpenter.sh/v1, which FILE:12:5 needs and Karpenter serves",
  "the kind ScaledObject of keda.sh/v1alpha1, which FILE:22:7 needs and KEDA serves",
  "the kind CiliumNetworkPolicy of cilium.io/v2, which FILE:7:14 needs and Cilium serves",
];

test.each([
  "plan",
  "up",
])("%s names all kinds that the control plane lacks, before anything is created", async (command) => {
  const file = sandbox.write("lacking.yaml", blueprint);
  const { status, stderr } = await sandbox.run([command, file]);
  expect(status).toBe(1);
  expect(stderr).toContain("SW617");
  for (const words of lacking) expect(stderr.replaceAll("\n", " ")).toContain(words.replace("FILE", file));
  expect(stderr).toContain("helm install keda kedacore/keda --namespace keda --create-namespace");
  const namespaces = await plane().runKubectl(["get", "namespaces", "-o", "name"]);
  expect(namespaces).not.toContain("namespace/lacking");
});

test("the shipped blueprint with spot nodes is refused in the same way", async () => {
  const { status, stderr } = await sandbox.run(["plan", "gpu-inference", "--target", "kubernetes"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/SW617 [\s\S]*NodePool of karpenter\.sh\/v1/);
});

test("a metrics API that is not there is a warning: its controllers ask again", async () => {
  const hpa = `metadata: { id: unmeasured, name: Unmeasured, version: 1.0.0 }
cluster: { type: project, min_workers: 1, max_workers: 9, target: kubernetes }
agents:
  - role: worker
    name: Busy
    count: 1-3
    capabilities: [load]
    resources: { cpu: 100m, memory: 64Mi }
    scaling: { owner: hpa, signals: [{ metric: load_percentage, target: 80 }] }
`;
  const file = sandbox.write("unmeasured.yaml", hpa);
  const { status, stdout, stderr } = await sandbox.run(["plan", file]);
  expect(status, stderr).toBe(2);
  const said = `${stdout}${stderr}`;
  expect(said).toContain(`lacks the API metrics.k8s.io/v1beta1, which ${file}:9:16 needs and metrics-server serves`);
});
