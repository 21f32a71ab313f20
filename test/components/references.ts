import type { Recorded } from "./mock-stack.ts";

/**
 * Checks that references between resources resolve: accounts, maps, secrets, PersistentVolumeClaims, classes,
 * namespaces, selectors, targets of autoscalers, networks and volumes. Returns a sentence for each that does not.
 * `present` exists outside the stack, such as "Namespace team-a".
 */
export function checkReferences(resources: readonly Recorded[], present: readonly string[] = []): readonly string[] {
  const index = new Set([...resources.map(identity), ...present]);
  return resources.flatMap((resource) => [
    ...namespaceOf(resource, index),
    ...everyPodSpec(resource).flatMap((spec) => podProblems(resource, spec, index)),
    ...selectorProblems(resource, resources),
    ...targetProblems(resource, index),
    ...bindingProblems(resource, index),
    ...dockerProblems(resource, resources),
  ]);
}

type Json = Readonly<Record<string, unknown>>;

/** Objects that exist outside the stack. */
const outside = new Set([
  "ClusterRole system:auth-delegator",
  "Namespace kube-system",
  "PriorityClass system-node-critical",
  "ServiceAccount default",
  "Secret tokens",
]);

function identity({ inputs }: Recorded): string {
  return `${inputs.kind} ${at(inputs, "metadata", "name")}`;
}

function missing(resource: Recorded, kind: string, name: unknown, index: ReadonlySet<string>): readonly string[] {
  if (name === undefined || index.has(`${kind} ${name}`) || outside.has(`${kind} ${name}`)) return [];
  return [`${resource.type} ${resource.name}: ${kind} ${name} does not exist`];
}

function namespaceOf(resource: Recorded, index: ReadonlySet<string>): readonly string[] {
  if (!resource.type.startsWith("kubernetes:")) return [];
  return missing(resource, "Namespace", at(resource.inputs, "metadata", "namespace"), index);
}

function everyPodSpec({ inputs }: Recorded): readonly Json[] {
  const spec = at(inputs, "spec", "template", "spec");
  return isJson(spec) && Array.isArray(spec.containers) ? [spec] : [];
}

function podProblems(resource: Recorded, spec: Json, index: ReadonlySet<string>): readonly string[] {
  const volumes = list(spec, "volumes");
  const claims = list(resource.inputs, "spec", "volumeClaimTemplates").map((claim) => at(claim, "metadata", "name"));
  const named = [...volumes.map(({ name }) => name), ...claims];
  const mounts = list(spec, "containers").flatMap((container) => list(container, "volumeMounts"));
  const variables = list(spec, "containers").flatMap((container) => list(container, "env"));
  return [
    ...missing(resource, "ServiceAccount", spec.serviceAccountName, index),
    ...missing(resource, "PriorityClass", spec.priorityClassName, index),
    ...missing(resource, "Service", at(resource.inputs, "spec", "serviceName"), index),
    ...volumes.flatMap((volume) => [
      ...missing(resource, "ConfigMap", at(volume, "configMap", "name"), index),
      ...missing(resource, "PersistentVolumeClaim", at(volume, "persistentVolumeClaim", "claimName"), index),
    ]),
    ...variables.flatMap((variable) =>
      missing(resource, "Secret", at(variable, "valueFrom", "secretKeyRef", "name"), index),
    ),
    ...twice(named).map((name) => `${resource.name}: two volumes ${name}`),
    ...twice(mounts.map(({ mountPath }) => mountPath)).map((path) => `${resource.name}: two mounts at ${path}`),
    ...twice(variables.map(({ name }) => name)).map((name) => `${resource.name}: two variables ${name}`),
    ...mounts.filter(({ name }) => !named.includes(name)).map(({ name }) => `${resource.name}: no volume ${name}`),
    ...named
      .filter((name) => !mounts.some((mount) => mount.name === name))
      .map((name) => `${resource.name}: volume ${name} is not used`),
  ];
}

/** Checks that a workload selects its own pods, and that other selectors match some pods. */
function selectorProblems(resource: Recorded, resources: readonly Recorded[]): readonly string[] {
  const { inputs, type } = resource;
  const template = at(inputs, "spec", "template", "metadata", "labels");
  const workload = isJson(template) && everyPodSpec(resource).length > 0;
  if (workload)
    return covers(template, at(inputs, "spec", "selector", "matchLabels"))
      ? []
      : [`${resource.name}: does not select its own pods`];
  const selectors = [
    type === "kubernetes:core/v1:Service" ? at(inputs, "spec", "selector") : undefined,
    at(inputs, "spec", "selector", "matchLabels"),
    at(inputs, "spec", "podSelector", "matchLabels"),
    at(inputs, "spec", "endpointSelector", "matchLabels"),
    ...["egress", "ingress"].flatMap((way) =>
      list(inputs, "spec", way).flatMap((rule) =>
        [...list(rule, "to"), ...list(rule, "from")].map((peer) =>
          peer.namespaceSelector === undefined ? at(peer, "podSelector", "matchLabels") : undefined,
        ),
      ),
    ),
  ].filter((selector) => selector !== undefined);
  const pods = resources.flatMap((other) =>
    everyPodSpec(other).length > 0 ? [at(other.inputs, "spec", "template", "metadata", "labels")] : [],
  );
  return selectors
    .filter((selector) => !pods.some((labels) => covers(labels, selector)))
    .map((selector) => `${type} ${resource.name}: selects no pods: ${JSON.stringify(selector)}`);
}

function targetProblems(resource: Recorded, index: ReadonlySet<string>): readonly string[] {
  const target = at(resource.inputs, "spec", "scaleTargetRef");
  if (isJson(target)) return missing(resource, String(target.kind), target.name, index);
  if (resource.type !== "swarmstack:index:Scale") return [];
  return missing(resource, String(resource.inputs.kind), resource.inputs.name, index);
}

function bindingProblems(resource: Recorded, index: ReadonlySet<string>): readonly string[] {
  const nodeClass = at(resource.inputs, "spec", "template", "spec", "nodeClassRef");
  const present = isJson(nodeClass) && nodeClass.kind === "EC2NodeClass";
  return [
    ...(isJson(nodeClass) && !present ? missing(resource, String(nodeClass.kind), nodeClass.name, index) : []),
    ...(resource.inputs.roleRef === undefined
      ? []
      : missing(
          resource,
          String(at(resource.inputs, "roleRef", "kind")),
          at(resource.inputs, "roleRef", "name"),
          index,
        )),
    ...list(resource.inputs, "subjects").flatMap(({ kind, name }) => missing(resource, String(kind), name, index)),
    ...list(resource.inputs, "spec", "volumeClaimTemplates").flatMap((claim) =>
      missing(resource, "StorageClass", at(claim, "spec", "storageClassName"), index),
    ),
    ...missing(resource, "StorageClass", at(resource.inputs, "spec", "storageClassName"), index),
  ];
}

function dockerProblems(resource: Recorded, resources: readonly Recorded[]): readonly string[] {
  if (resource.type !== "docker:index/container:Container") return [];
  const names = (type: string) =>
    new Set(resources.filter((other) => other.type === type).map(({ inputs }) => inputs.name));
  const networks = names("docker:index/network:Network");
  const volumes = names("docker:index/volume:Volume");
  const images = new Set(
    resources
      .filter(({ type }) => type === "docker:index/remoteImage:RemoteImage")
      .map(({ inputs }) => `sha256:${inputs.name}`),
  );
  return [
    ...list(resource.inputs, "networksAdvanced")
      .filter(({ name }) => !networks.has(name))
      .map(({ name }) => `${resource.name}: no network ${name}`),
    ...list(resource.inputs, "mounts")
      .filter(({ source }) => !volumes.has(source))
      .map(({ source }) => `${resource.name}: no volume ${source}`),
    ...(images.has(String(resource.inputs.image)) ? [] : [`${resource.name}: no image ${resource.inputs.image}`]),
  ];
}

function covers(labels: unknown, selector: unknown): boolean {
  return isJson(labels) && isJson(selector) && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function twice(values: readonly unknown[]): readonly unknown[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, key) => (isJson(inner) ? inner[key] : undefined), value);
}

function list(value: unknown, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isJson) : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
