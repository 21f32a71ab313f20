import type { KubernetesObject, V1PodSpec } from "@kubernetes/client-node";

/** A Deployment of pods that request this many GPUs. */
export function deployment(name: string, replicas: number, pod: Partial<V1PodSpec> = {}, gpus = 0): KubernetesObject {
  const labels = { app: name };
  const limits = gpus === 0 ? { cpu: "1" } : { "nvidia.com/gpu": String(gpus) };
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "main", image: "agent:1", resources: { limits } }], ...pod },
    },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec,
  } as KubernetesObject;
}

export function claim(name: string, storageClassName?: string): KubernetesObject {
  const spec = {
    accessModes: ["ReadWriteMany"],
    resources: { requests: { storage: "1Gi" } },
    ...(storageClassName !== undefined && { storageClassName }),
  };
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec,
  } as KubernetesObject;
}
