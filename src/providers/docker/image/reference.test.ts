import { describe, expect, test } from "vitest";
import { digestOf, isPinned, registryOf } from "./reference.ts";

describe("§4 image", () => {
  test.each([
    { name: "busybox", registry: "docker.io" },
    { name: "library/busybox:1", registry: "docker.io" },
    { name: "ghcr.io/acme/agent:1", registry: "ghcr.io" },
    { name: "127.0.0.1:5000/agent", registry: "127.0.0.1:5000" },
    { name: "localhost/agent", registry: "localhost" },
  ])("§4 name: $name is in the registry $registry", ({ name, registry }) => {
    expect(registryOf(name)).toBe(registry);
  });

  test.each([
    { name: `sha256:${"a".repeat(64)}`, pinned: true },
    { name: `acme/agent@sha256:${"a".repeat(64)}`, pinned: true },
    { name: "127.0.0.1:5000/agent:1", pinned: false },
  ])("§4 name: $name can move: not $pinned", ({ name, pinned }) => {
    expect(isPinned(name)).toBe(pinned);
  });

  test("§4 repoDigest: that of the image's own repository", () => {
    const digests = ["other/agent@sha256:1", "127.0.0.1:5000/agent@sha256:2"];
    expect(digestOf("127.0.0.1:5000/agent:1", digests)).toBe("127.0.0.1:5000/agent@sha256:2");
    expect(digestOf("agent", digests)).toBe("");
  });
});
