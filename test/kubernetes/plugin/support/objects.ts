import type { Properties } from "../../../../src/providers/base/values.ts";

/** Inputs of the kinds that the tests use, as the SDK would send them. */

export function configMap(name: string, data: Record<string, string>, metadata: object = {}): Properties {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

interface Workload {
  readonly replicas?: number;
  readonly image?: string;
  /** A CPU request far above a node's capacity keeps the pods pending. */
  readonly cpu?: string;
  readonly annotations?: Record<string, string>;
  readonly spec?: object;
}

export const tooMuch = "4000";

export function workload(
  kind: "Deployment" | "StatefulSet" | "DaemonSet",
  name: string,
  { replicas, image = "agent:1", cpu = "10m", annotations, spec = {} }: Workload = {},
): Properties {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, ...(annotations && { annotations }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(image, cpu) },
      ...(kind === "StatefulSet" && { serviceName: name }),
      ...spec,
    },
  };
}

export function podSpec(image = "agent:1", cpu = "10m") {
  return { containers: [{ name: "agent", image, resources: { requests: { cpu } } }] };
}

/** A CRD in group `test.dev`, and an object of its kind. */
export function definition(kind: string, scope: "Namespaced" | "Cluster" = "Namespaced"): Properties {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.test.dev` },
    spec: {
      group: "test.dev",
      scope,
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}

export function custom(kind: string, name: string, spec: object, annotations?: Record<string, string>): Properties {
  return { apiVersion: "test.dev/v1", kind, metadata: { name, ...(annotations && { annotations }) }, spec };
}
