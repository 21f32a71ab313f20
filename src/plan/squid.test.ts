import { expect, test } from "vitest";
import { squidConfig } from "./squid.ts";

test("a proxy allows the destinations of the rules, in their order, and denies the rest", () => {
  const config = squidConfig(
    [
      { kind: "host", host: "api.openai.com", port: 443 },
      { kind: "cidr", cidr: "10.0.0.0/8", port: undefined },
    ],
    3128,
  );
  const lines = config.split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "http_port 3128",
    "acl r0 dstdomain -n api.openai.com",
    "acl r0p port 443",
    "http_access allow r0 r0p",
    "acl r1 dst 10.0.0.0/8",
    "http_access allow r1",
    "http_access deny all",
  ]);
  expect(lines.findLastIndex((line) => line.startsWith("http_access"))).toBe(6);
});

test("without rules all is denied", () => {
  expect(
    squidConfig([], 3128)
      .split("\n")
      .filter((line) => line.startsWith("http_access")),
  ).toEqual(["http_access deny all"]);
});

test("it caches nothing, writes to no disk and stops soon", () => {
  expect(squidConfig([], 3128).split("\n").slice(2)).toEqual([
    ...["cache deny all", "cache_mem 8 MB", "pid_filename none", "access_log stdio:/dev/stdout"],
    ...["cache_log stdio:/dev/stderr", "coredump_dir /tmp", "netdb_filename none", "shutdown_lifetime 5 seconds", ""],
  ]);
});
