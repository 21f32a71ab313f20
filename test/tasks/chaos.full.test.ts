import { stormSuite } from "./chaos/storm.ts";
import { backendsOf, describeEach } from "./support/each-backend.ts";

const servers = { workers: 50, tasks: 5_000, workMs: 400, killEveryMs: 500, deadlineMs: 900_000 };
// A file has one writer at a time and no queue of waiting writers: it suits one process, and tolerates a handful.
const file = { ...servers, workers: 8, tasks: 1_000, workMs: 50 };

describeEach([...(await backendsOf.file()), ...(await backendsOf.servers())], (backend) =>
  stormSuite(backend, backend.name === "sqlite" ? file : servers),
);
