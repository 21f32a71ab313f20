import { RemoteImage, type RemoteImageArgs } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { images as builtin } from "../../plan/images.ts";
import type { ImagePlan } from "../../plan/plan.ts";
import type { DockerScope } from "./scope.ts";

/** Ids by the name that the plan has, so that a tag that was moved, or another content, replaces the containers. */
export type Images = (name: string) => pulumi.Output<string>;

/** Pulls or builds each image once. They stay when the cluster goes: others may use them. */
export function createImages(host: DockerScope): Images {
  const { plan } = host;
  const proxy = plan.network.proxy === undefined ? [] : [plan.network.proxy.image];
  const pulled = [builtin.agent, ...proxy].map((name): ImagePlan => ({ name, builtin: true }));
  const images = new Map([...pulled, ...plan.agents.map(({ image }) => image)].map((image) => [image.name, image]));
  const ids = new Map([...images].map(([name, image]) => [name, createImage(host, image).imageId]));
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) throw new TypeError(`image ${name} is not in the plan`);
    return id;
  };
}

function createImage({ plan, resolver, options }: DockerScope, { name, build }: ImagePlan): RemoteImage {
  const args: RemoteImageArgs = { name, keepLocally: true, ...(build !== undefined && built(build)) };
  const resource = build === undefined ? partName(plan.resource, `image-${shortHash(name)}`) : name;
  // What runs the old one goes when the new one is there.
  return new RemoteImage(resource, args, { ...options, deleteBeforeReplace: false });

  /** Only another content of the folder makes another image. */
  function built(path: string): Pick<RemoteImageArgs, "build" | "triggers"> {
    const { folder, digest } = resolver.buildContext(path);
    return { build: { context: folder }, triggers: { content: digest } };
  }
}
