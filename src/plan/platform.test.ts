import { expect, test } from "vitest";
import type { Target } from "../blueprint/model.ts";
import { type AwsChoices, planPlatform } from "./platform.ts";

const quota = { pods: "3" };

function platform(target: Partial<Target>, aws: AwsChoices = {}) {
  return planPlatform(target as Target, { cluster: "team", agents: [], quota, aws });
}

test("processes need nothing of their own", () => {
  expect(platform({ kind: "local" })).toEqual({ kind: "local" });
});

test("docker is found by its context", () => {
  expect(platform({ kind: "docker", context: "host" })).toEqual({ kind: "docker", host: "host" });
});

test("a namespace that the blueprint names exists; without a name it is the cluster's own", () => {
  const named = platform({ kind: "kubernetes", context: "here", namespace: "shared" });
  expect(named).toEqual({ kind: "kubernetes", namespace: { name: "shared", ours: false }, context: "here", quota });
  expect(platform({ kind: "kubernetes" })).toMatchObject({ namespace: { name: "team", ours: true } });
});

test("a control plane on AWS is new, so its namespace is created", () => {
  const target = { kind: "aws", namespace: "shared", context: "here", region: "eu-central-1", profile: "p" } as const;
  expect(platform(target)).toEqual({
    ...{ kind: "aws", namespace: { name: "shared", ours: true }, context: undefined, quota },
    aws: {
      ...{ region: "eu-central-1", profile: "p", kubernetesVersion: "1.34", compute: "auto", general: undefined },
      network: { kind: "own", cidr: "10.64.0.0/16" },
    },
  });
});

test("managed nodes and existing subnets are choices", () => {
  expect(platform({ kind: "aws" }, { compute: "managed", subnetIds: ["a", "b"] })).toMatchObject({
    aws: { compute: "managed", general: { instanceType: "m7i.large" }, network: { kind: "subnets", ids: ["a", "b"] } },
  });
});
