/** Where a cluster is on Kubernetes. */
export interface KubernetesPlace {
  /** Of the kubeconfig; undefined: the current one. */
  readonly context: string | undefined;
  readonly namespace: string;
  /** Beginning of the names of its resources, and value of its pods' label. */
  readonly resource: string;
}
