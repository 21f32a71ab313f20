import { expect, test } from "vitest";
import { labelKeys } from "../../names.ts";
import { sumByAgent } from "./desired-replicas.ts";

const workload = (agent: string | undefined, replicas: number) => ({
  spec: { replicas, selector: { matchLabels: agent === undefined ? {} : { [labelKeys.agent]: agent } } },
});

test("the sets of an agent are summed, and other workloads of the cluster left out", () => {
  const workloads = [
    workload("team--writer", 0),
    workload("team--db", 1),
    workload("team--db", 1),
    workload(undefined, 1),
  ];
  expect([...sumByAgent(workloads)]).toEqual([
    ["team--writer", 0],
    ["team--db", 2],
  ]);
});
