/** Images that swarmstack brings: what runs where the blueprint names none. */
export const images = {
  /** The built-in agent and swarmctl; made by src/images, its version is the package's. */
  agent: "swarmstack/agent:0.1.0",
  /** The egress proxy on docker; made by src/images as well. */
  egress: "swarmstack/egress:0.1.0",
  proxy: "ubuntu/squid:6.6-24.04_beta",
  /** Tells the kubelet of GPUs on nodes that do not come with it. */
  devicePlugin: "nvcr.io/nvidia/k8s-device-plugin:v0.17.4",
} as const;

/** Users of what runs in them: that of agents is no user of a host and of no other image; "proxy" is that of Debian and Ubuntu. */
export const imageUsers = { agent: 10_001, proxy: 13 } as const;

/**
 * Empty folders of the agent's image that are the agent user's: a new volume that docker mounts on one takes its owner
 * over, which nothing but a container of root's could give it otherwise.
 */
export const volumeSlots: readonly string[] = Array.from({ length: 256 }, (_, slot) => `/volumes/${slot}`);

/** What the agent's image runs. */
export const agentCommand = ["node", "/opt/swarmstack/dist/runtime/agents/reference.js"] as const;

/** In the agent's image: runs a command with the files of a folder as variables. A volume carries it into containers of other images. */
export const launcher = { folder: "/launch", command: ["/launch/busybox", "sh", "/launch/launch"] } as const;
