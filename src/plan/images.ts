/** Images of swarmstack: they run where the blueprint names none. */
export const images = {
  /** The built-in agent and swarmctl; built by src/images, with the version of the package. */
  agent: "swarmstack/agent:0.1.0",
  /** The egress proxy on docker; built by src/images. */
  egress: "swarmstack/egress:0.1.0",
  proxy: "ubuntu/squid:6.6-24.04_beta",
  /** Reports GPUs to the kubelet of nodes whose image has no device plugin. */
  devicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4",
} as const;

/** User ids in the images: that of agents belongs to no user of a host and of no other image; "proxy" is the one in Debian and Ubuntu. */
export const imageUsers = { agent: 10_001, proxy: 13 } as const;

/**
 * Empty folders of the agent's image that the agent user owns: a new volume that docker mounts on one takes over its
 * owner, which otherwise only a container with root could set.
 */
export const volumeSlots: readonly string[] = Array.from({ length: 256 }, (_, slot) => `/volumes/${slot}`);

/** The command of the agent's image. */
export const agentCommand = ["node", "/opt/swarmstack/dist/runtime/agents/reference.js"] as const;

/** In the agent's image: runs a command with the files of a folder as variables. A volume brings it into containers of other images. */
export const launcher = { folder: "/launch", command: ["/launch/busybox", "sh", "/launch/launch"] } as const;
