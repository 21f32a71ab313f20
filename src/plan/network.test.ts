import { describe, expect, test } from "vitest";
import type { Agent, EgressRule, Network, Target } from "../blueprint/model.ts";
import { isInside } from "../blueprint/redis-route.ts";
import { images } from "./images.ts";
import { cidrOf, planNetwork } from "./network.ts";

const host: EgressRule = { kind: "host", host: "api.openai.com", port: 443 };
const cidr: EgressRule = { kind: "cidr", cidr: "10.0.0.0/8", port: undefined };

const queued = [{ queue: { stream: "s", group: "g" } }] as unknown as readonly Agent[];

interface Case {
  readonly kind: Target["kind"];
  readonly egress?: readonly EgressRule[] | undefined;
  readonly provider?: Network["provider"];
  readonly enforce?: boolean;
  readonly redis?: string;
  readonly agents?: readonly Agent[];
}

function plan({ kind, egress, provider = "standard", enforce = true, redis, agents = [] }: Case) {
  const target = { kind, redis } as unknown as Target;
  return planNetwork({ provider, enforce, egress } as Network, { resource: "team", target, agents });
}

describe("egress", () => {
  test.each<{ title: string; of: Case; egress: readonly EgressRule[] | undefined; image: string | undefined }>([
    { title: "everything", of: { kind: "kubernetes" }, egress: undefined, image: undefined },
    { title: "addresses by policy", of: { kind: "kubernetes", egress: [cidr] }, egress: [cidr], image: undefined },
    {
      title: "names by a proxy",
      of: { kind: "aws", egress: [cidr, host] },
      egress: [cidr, host],
      image: images.proxy,
    },
    {
      title: "names by Cilium",
      of: { kind: "kubernetes", provider: "cilium", egress: [host] },
      egress: [host],
      image: undefined,
    },
    {
      title: "docker needs a proxy for each rule",
      of: { kind: "docker", egress: [cidr] },
      egress: [cidr],
      image: images.egress,
    },
    { title: "docker needs none for nothing", of: { kind: "docker", egress: [] }, egress: [], image: undefined },
    {
      title: "local, unless enforced",
      of: { kind: "local", enforce: false, egress: [cidr] },
      egress: undefined,
      image: undefined,
    },
  ])("$title", ({ of, egress, image }) => {
    const network = plan(of);
    expect(network.egress).toEqual(egress);
    expect(network.proxy?.image).toBe(image);
    expect(network.provider).toBe(of.provider ?? "standard");
  });

  test("local cannot confine, and the hint says what to do", () => {
    expect(() => plan({ kind: "local", egress: [host] })).toThrow(
      expect.objectContaining({ code: "SW608", hints: [expect.stringContaining("network.enforce: false")] }),
    );
  });
});

describe("Redis", () => {
  test.each([
    { redis: "redis://cache", want: { host: "cache", port: 6379, tls: false } },
    { redis: "rediss://cache:6400", want: { host: "cache", port: 6400, tls: true } },
  ])("$redis", ({ redis, want }) => {
    expect(plan({ kind: "docker", redis, agents: queued }).redis).toEqual({ kind: "address", url: redis, ...want });
  });

  test("is of the environment where the blueprint has no address, and nowhere without a queue", () => {
    expect(plan({ kind: "docker", agents: queued }).redis).toEqual({ kind: "env", variable: "REDIS_URL" });
    expect(plan({ kind: "docker", redis: "redis://cache" }).redis).toBeUndefined();
  });

  const to = (port: number | undefined): EgressRule => ({ kind: "cidr", cidr: "10.0.0.0/8", port });
  const confined = { kind: "kubernetes", agents: queued } as const;

  test.each<{ title: string; of: Case }>([
    { title: "inside the cluster", of: { ...confined, redis: "redis://cache", egress: [host] } },
    { title: "in another namespace", of: { ...confined, redis: "redis://cache.db.svc:6379", egress: [] } },
    { title: "by its address", of: { ...confined, redis: "redis://10.1.2.3", egress: [host] } },
    {
      title: "by a rule of any port",
      of: { ...confined, redis: "redis://cache.example.com", egress: [to(undefined)] },
    },
    { title: "by a rule of its port", of: { ...confined, redis: "redis://cache.example.com", egress: [to(6379)] } },
    { title: "by a rule, where its port is not known", of: { ...confined, egress: [to(1)] } },
    { title: "by Cilium", of: { ...confined, provider: "cilium", redis: "redis://cache.example.com", egress: [] } },
    { title: "where nothing is confined", of: { kind: "docker", redis: "redis://cache.example.com", agents: queued } },
  ])("is reached $title", ({ of }) => {
    expect(plan(of).redis).toBeDefined();
  });

  test.each<{ title: string; of: Case; words: string; hint: string }>([
    {
      title: "a rule of another port",
      of: { ...confined, redis: "redis://cache.example.com", egress: [to(5432)] },
      words: "no rule lets agents reach Redis at cache.example.com:6379",
      hint: "add the CIDR of Redis",
    },
    {
      title: "a rule of a name",
      of: { ...confined, redis: "redis://cache.example.com", egress: [host] },
      words: "no rule lets agents reach Redis at cache.example.com:6379",
      hint: "add the CIDR of Redis",
    },
    {
      title: "an address that is not known",
      of: { ...confined, egress: [host] },
      words: "no rule lets agents reach Redis",
      hint: "add the CIDR of Redis",
    },
    {
      title: "a docker network, whatever the rules",
      of: { kind: "docker", redis: "redis://10.1.2.3", egress: [to(undefined)], agents: queued },
      words: "no rule lets agents reach Redis at 10.1.2.3:6379",
      hint: "a docker network",
    },
  ])("is not reached by $title", ({ of, words, hint }) => {
    expect(() => plan(of)).toThrow(expect.objectContaining({ code: "SW608", hints: [expect.stringContaining(hint)] }));
    expect(() => plan(of)).toThrow(words);
  });

  test("a password is refused, and the hint names where it belongs", () => {
    expect(() => plan({ kind: "docker", redis: "redis://:hunter22@cache", agents: queued })).toThrow(
      expect.objectContaining({ code: "SW608", hints: [expect.stringContaining("REDIS_URL")] }),
    );
  });
});

test.each([
  ["10.0.0.1", "10.0.0.1/32"],
  ["fd00::1", "fd00::1/128"],
])("%s is %s", (address, range) => {
  expect(cidrOf(address)).toBe(range);
});

test.each([
  ["cache", true],
  ["cache.db.svc", true],
  ["cache.db.svc.cluster.local", true],
  ["cache.example.com", false],
  ["cache.svc.example.com", false],
  ["cache.dbsvc", false],
  ["10.0.0.1", false],
  ["fd00::1", false],
])("%s is a name of the cluster's own DNS: %s", (name, inside) => {
  expect(isInside(name)).toBe(inside);
});
