import { RemoteImage } from "@pulumi/docker/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../../names.ts";
import { images as builtin } from "../../plan/images.ts";
import { partName } from "../../plan/part-name.ts";
import type { Host } from "./host.ts";

/** Ids by the name that the plan has, so that a tag that was moved replaces the containers. */
export type Images = (name: string) => pulumi.Output<string>;

/** Pulls each image once. They stay when the cluster goes: others may use them. */
export function createImages({ plan, options }: Host): Images {
  const proxy = plan.network.proxy === undefined ? [] : [plan.network.proxy.image];
  const names = [...new Set([builtin.agent, ...plan.agents.map(({ image }) => image.name), ...proxy])];
  const ids = new Map(
    names.map((name) => {
      const image = new RemoteImage(
        partName(plan.resource, `image-${shortHash(name)}`),
        { name, keepLocally: true },
        options,
      );
      return [name, image.imageId];
    }),
  );
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) throw new TypeError(`image ${name} is not in the plan`);
    return id;
  };
}
