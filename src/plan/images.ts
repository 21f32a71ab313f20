/** Images that swarmstack brings: what runs where the blueprint names none. */
export const images = {
  /** The built-in agent; made by tools/, its version is the package's. */
  agent: "swarmstack/agent:0.1.0",
  proxy: "ubuntu/squid:6.6-24.04_beta",
  /** Tells the kubelet of GPUs on nodes that do not come with it. */
  devicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4",
} as const;
