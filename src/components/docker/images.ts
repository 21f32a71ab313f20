import { RemoteImage, type RemoteImageArgs } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../../names.ts";
import { partName } from "../../part-name.ts";
import { images as builtin } from "../../plan/images.ts";
import type { ImagePlan } from "../../plan/plan.ts";
import type { DockerScope } from "./scope.ts";

/** Ids by the name in the plan, so that a moved tag or changed content replaces the containers. */
export type Images = (name: string) => pulumi.Output<string>;

/** Pulls or builds each image once. Images stay when the cluster is destroyed: other clusters may use them. */
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
  // Containers of the old image are replaced once the new one exists.
  return new RemoteImage(resource, args, { ...options, deleteBeforeReplace: false });

  /** Only a change of the folder's content builds a new image. */
  function built(path: string): Pick<RemoteImageArgs, "build" | "triggers"> {
    const { folder, digest } = resolver.buildContext(path);
    return { build: { context: folder }, triggers: { content: digest } };
  }
}
