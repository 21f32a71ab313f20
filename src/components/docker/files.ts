import { createHash } from "node:crypto";
import { Container, type Volume } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../../names.ts";
import { partName } from "../../part-name.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Desired } from "../resources.ts";
import { servedAgent } from "../served-agent.ts";
import { dataSeed } from "./data-seed.ts";
import type { Images } from "./images.ts";
import type { DockerScope } from "./scope.ts";
import type { DockerVolumes } from "./volumes.ts";

export interface Files {
  readonly container: Container;
  /** Change with the content, by agent key. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly proxy: string;
  /** Checksum of the files that the agent server reads at start; it watches the counts. */
  readonly api: string;
}

interface Upload {
  readonly file: string;
  readonly contentBase64: pulumi.Input<string>;
  readonly permissions?: string;
}

/** Read-only, as on the local target. */
const readOnly = "0444";

/** Copies configuration and knowledge into volumes. */
export function createFiles(host: DockerScope, desired: Desired, images: Images, volumes: DockerVolumes): Files {
  const { plan, resolver, options } = host;
  const knowledge = plan.shared.knowledge.map(({ name, path }) => ({
    folder: resourceName([name]),
    ...resolver.knowledge(path),
  }));
  const digest = knowledge.map(({ folder, digest: hash }) => `${folder}:${hash}`).join();
  const served = servedCluster(plan);
  const uploads: Upload[] = [];
  const mounts: { type: string; source: Volume["name"]; target: string }[] = [];

  for (const agent of plan.agents) {
    const folder = `/files/agents/${agent.key}`;
    mount(volumes.files(agent), folder);
    upload(`${folder}/config.json`, Buffer.from(agent.config));
    for (const bundle of knowledge) {
      for (const { path, content } of bundle.files) {
        upload(`${folder}/knowledge/${bundle.folder}/${path}`, content, { permissions: readOnly });
      }
    }
  }
  mount(volumes.api.files, "/files/api");
  uploads.push({
    file: "/files/api/cluster.json",
    contentBase64: desired.document.apply(({ counts }) => base64(JSON.stringify({ ...served, counts }))),
  });
  const { proxy } = plan.network;
  if (proxy !== undefined && volumes.proxy !== undefined) {
    mount(volumes.proxy, "/files/proxy");
    upload("/files/proxy/squid.conf", Buffer.from(proxy.config));
  }

  const name = partName(plan.resource, "files");
  return {
    container: new Container(name, { ...dataSeed(host, name, images), mounts, uploads }, options),
    checksums: Object.fromEntries(plan.agents.map(({ key, config }) => [key, sha256(config + digest)])),
    proxy: sha256(proxy?.config ?? ""),
    api: sha256(JSON.stringify(served)),
  };

  function mount(volume: Volume, target: string): void {
    mounts.push({ type: "volume", source: volume.name, target });
  }

  function upload(file: string, content: Buffer, rights: Pick<Upload, "permissions"> = {}): void {
    uploads.push({ file, contentBase64: base64(content), ...rights });
  }
}

/** The settings of an agent server, without the counts. */
function servedCluster({ cluster, resource, agents }: Plan) {
  return {
    ...{ cluster, resource },
    agents: agents.map(servedAgent),
  };
}

function base64(content: string | Buffer): string {
  return Buffer.from(content).toString("base64");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
