import type {
  KubernetesObject,
  V1Container,
  V1PersistentVolumeClaim,
  V1PodSpec,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";

const namespace = "default";

/** A shell that prints a line and exits with status 3 on SIGTERM. */
export const untilTerminated = 'trap "echo bye; exit 3" TERM; while :; do sleep 0.05; done';

export function shell(script: string, more: Partial<V1Container> = {}): V1Container {
  return { name: "main", image: "host:1", command: ["sh", "-c", script], ...more };
}

export function pod(name: string, spec: V1PodSpec, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { terminationGracePeriodSeconds: 5, ...spec },
  } as KubernetesObject;
}

export function configMap(name: string, data: Record<string, string>): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data } as KubernetesObject;
}

export function secret(name: string, stringData: Record<string, string>): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData } as KubernetesObject;
}

const claimSpec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

export function claim(name: string): V1PersistentVolumeClaim {
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace }, spec: claimSpec };
}

/**
 * A StatefulSet with a PersistentVolumeClaim for each pod, a headless service for pod names and one with an address.
 */
export function statefulSet(name: string, replicas: number, container: V1Container): readonly KubernetesObject[] {
  const labels = { app: name };
  const headless: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { clusterIP: "None", selector: labels, ports: [{ name: "http", port: 8080 }] },
  };
  const addressed: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `${name}-address`, namespace },
    spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
  const set: V1StatefulSet = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace },
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 5, containers: [container] } },
      volumeClaimTemplates: [{ metadata: { name: "state" }, spec: claimSpec }],
    },
  };
  return [headless, addressed, set];
}
