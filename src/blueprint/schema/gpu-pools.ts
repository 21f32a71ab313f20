import { list } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { number, text } from "../shape/scalars.ts";
import { optional, required } from "../shape/shape.ts";
import { count, range } from "./values.ts";

const spot = object(
  {
    base_on_demand: optional(count, "Number of nodes that are always on demand.", "0"),
    fallback: optional(
      list(text({ what: "a GPU of the catalog" }), { unique: true }),
      "Other GPUs to use, in this order, when no spot node is available.",
    ),
  },
  { name: "spot" },
);

export const gpuPool = object(
  {
    name: required(
      text({ what: "a name of a-z, 0-9 and dashes", pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, maxLength: 63 }),
      "Name of the pool.",
    ),
    gpu: required(text({ what: "a GPU of the catalog" }), "Row of the GPU catalog, such as nvidia-h100."),
    gpus_per_node: optional(
      number({ min: 1, max: 16, integer: true, expected: "a whole number from 1 to 16" }),
      "Number of GPUs of one node.",
      "1",
    ),
    nodes: required(range, "Number of nodes: fixed, or a range."),
    mig_profile: optional(
      text({ what: "a MIG profile such as 1g.10gb" }),
      "Cut every GPU into slices of this MIG profile.",
    ),
    spot: optional(spot, "Use spot nodes."),
  },
  { name: "the GPU pool" },
);

/** Maximum number of pools. */
const mostPools = 100;

export const gpuPools = list(gpuPool, { max: mostPools });
