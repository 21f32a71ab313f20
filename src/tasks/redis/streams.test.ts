import { expect, test } from "vitest";
import { descending, lineOf, streamOf } from "./streams.ts";

const named = { writer: { stream: "jobs:content", group: "creators" } };

test.each([
  { selector: "agent:browser", stream: "c1:browser:jobs", group: "swarmstack" },
  { selector: "agent:writer", stream: "jobs:content", group: "creators" },
  { selector: "role:writer", stream: "c1:role:writer:jobs", group: "swarmstack" },
  { selector: "capability:seo", stream: "c1:capability:seo:jobs", group: "swarmstack" },
])("$selector waits in $stream", ({ selector, stream, group }) => {
  expect(streamOf("c1", selector, named)).toEqual({ stream, group });
});

test("each priority has a line of its own, and the original's name is the normal one", () => {
  expect(descending.map((priority) => lineOf("jobs", priority))).toEqual(["jobs:high", "jobs", "jobs:low"]);
});
