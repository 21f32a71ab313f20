import { packageRoot } from "../../src/stacks/project.ts";

/** Files of a container besides those of this machine; see `Image` in program/internal/pods/images.go. */
export interface ProcessImage {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  /** Read-only files and folders of this machine by their path in the container. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Symbolic links by their path in the container. */
  readonly links?: Readonly<Record<string, string>>;
}

const inContainer = "/opt/swarmstack";
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Images by name pattern. */
export const processImages: Readonly<Record<string, ProcessImage>> = {
  /** This checkout, compiled: the reference agent, or `swarmctl`. */
  "swarmstack/agent:*": {
    entrypoint: ["node", `${inContainer}/dist/runtime/agents/reference.js`],
    env: { PATH: `${inContainer}/node_modules/.bin:${systemPath}` },
    mounts: { [inContainer]: packageRoot },
    links: { "/usr/local/bin/swarmctl": `${inContainer}/bin/swarmctl.js` },
  },
  /** Only this machine's files: for pods with a command. */
  "host:*": {},
};
