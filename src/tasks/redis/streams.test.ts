import { expect, test } from "vitest";
import { descending, lineOf, queueTypeOf, streamOf } from "./streams.ts";

const named = { writer: { stream: "jobs:content", group: "creators" } };

test.each([
  { selector: "agent:browser", stream: "c1:browser:jobs", group: "swarmstack" },
  { selector: "agent:writer", stream: "jobs:content", group: "creators" },
  { selector: "role:writer", stream: "c1:role:writer:jobs", group: "swarmstack" },
  { selector: "capability:seo", stream: "c1:capability:seo:jobs", group: "swarmstack" },
])("$selector waits in $stream", ({ selector, stream, group }) => {
  expect(streamOf("c1", selector, named)).toEqual({ stream, group });
});

test("each priority has its own stream, and the normal one has the original's name", () => {
  expect(descending.map((priority) => lineOf("jobs", priority))).toEqual(["jobs:high", "jobs", "jobs:low"]);
});

test.each([
  ["browser:jobs", "browser"],
  ["c1:browser:jobs", "c1:browser"],
  ["jobs", "jobs"],
  ["jobs:content", "jobs:content"],
])("the agents of stream %s are of type %s", (stream, type) => {
  expect(queueTypeOf(stream)).toBe(type);
});
