import { createHash } from "node:crypto";
import { Container, type Volume } from "@pulumi/docker/index.js";
import { resourceName } from "../../names.ts";
import { partName } from "../../plan/part-name.ts";
import { type Host, labelsOf } from "./host.ts";
import type { Images } from "./images.ts";
import type { Volumes } from "./volumes.ts";

export interface Files {
  readonly container: Container;
  /** Change with the content, by agent key. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly proxy: string;
}

interface Upload {
  readonly file: string;
  readonly contentBase64: string;
}

/**
 * Brings configuration and knowledge into volumes: docker uploads no file into a container whose disk is read-only, so
 * one container that never starts carries them there.
 */
export function createFiles({ plan, edge, options }: Host, images: Images, volumes: Volumes): Files {
  const knowledge = plan.shared.knowledge.map(({ name, path }) => ({
    folder: resourceName([name]),
    ...edge.knowledge(path),
  }));
  const digest = knowledge.map(({ folder, digest: hash }) => `${folder}:${hash}`).join();
  const uploads: Upload[] = [];
  const mounts: { type: string; source: Volume["name"]; target: string }[] = [];

  for (const agent of plan.agents) {
    const folder = `/files/agents/${agent.key}`;
    mount(volumes.files(agent), folder);
    upload(`${folder}/config.json`, Buffer.from(agent.config));
    for (const bundle of knowledge) {
      for (const { path, content } of bundle.files) upload(`${folder}/knowledge/${bundle.folder}/${path}`, content);
    }
  }
  const { proxy } = plan.network;
  if (proxy !== undefined) {
    mount(volumes.proxy, "/files/proxy");
    upload("/files/proxy/squid.conf", Buffer.from(proxy.config));
  }

  const name = partName(plan.resource, "files");
  const image = images(plan.agents[0]?.image.name ?? "");
  const args = {
    name,
    image,
    start: false,
    mustRun: false,
    mounts,
    uploads,
    labels: labelsOf(plan),
    networkMode: "none",
  };
  return {
    container: new Container(name, args, options),
    checksums: Object.fromEntries(plan.agents.map(({ key, config }) => [key, sha256(config + digest)])),
    proxy: sha256(proxy?.config ?? ""),
  };

  function mount(volume: Volume | undefined, target: string): void {
    if (volume !== undefined) mounts.push({ type: "volume", source: volume.name, target });
  }

  function upload(file: string, content: Buffer): void {
    uploads.push({ file, contentBase64: content.toString("base64") });
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
