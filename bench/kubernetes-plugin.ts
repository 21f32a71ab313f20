/**
 * Measures the offline kubernetes plugin with 200 Deployments without replicas on a real API server, compared with
 * the official provider 4.34.2 on two cores: seconds of each operation.
 */
import { Deployment } from "@pulumi/kubernetes/apps/v1/index.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { findEngine } from "../src/stacks/engine/index.ts";
import { workload } from "../test/kubernetes/plugin/support/objects.ts";
import { findEngineOnPath, PluginStack } from "../test/kubernetes/plugin/support/stack.ts";
import { isAvailable, startControlPlane } from "../tools/control-plane/control-plane.ts";

const count = 200;
const official = {
  preview: 6.8,
  create: 18.6,
  "no-op": 4.4,
  "no-op preview": 3.4,
  update: 34.9,
  refresh: 7.1,
  destroy: 20.4,
};

const plane = await startControlPlane();
if (!isAvailable(plane)) throw new Error(plane.unavailable);
const { kubeconfig } = plane;
findEngineOnPath((await findEngine({})).path);
const stack = new PluginStack("bench");

function program(image: string) {
  return async () => {
    const provider = new Provider("cluster", { kubeconfig });
    for (let index = 0; index < count; index++) {
      const annotations = { "pulumi.com/skipAwait": "true" };
      new Deployment(`w${index}`, workload("Deployment", `w${index}`, { replicas: 0, image, annotations }) as never, {
        provider,
      });
    }
  };
}

const operations = {
  preview: () => stack.preview(program("agent:1")),
  create: () => stack.up(program("agent:1")),
  "no-op": () => stack.up(program("agent:1")),
  "no-op preview": () => stack.preview(program("agent:1")),
  update: () => stack.up(program("agent:2")),
  refresh: () => stack.refresh(),
  destroy: () => stack.destroy(),
};

try {
  for (const [name, operate] of Object.entries(operations)) {
    const start = performance.now();
    const { ok, text } = await operate();
    if (!ok) throw new Error(text);
    const seconds = (performance.now() - start) / 1000;
    const before = official[name as keyof typeof official];
    console.log(`${name}: ${seconds.toFixed(1)} s (official ${before} s, ${(seconds / before).toFixed(2)} times)`);
  }
} finally {
  stack.dispose();
  await plane.stop();
}
