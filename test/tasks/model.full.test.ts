import { describeModel } from "./model/check.ts";
import { backendsOf, describeEach } from "./support/each-backend.ts";

describeEach([...(await backendsOf.file()), ...(await backendsOf.servers())], (backend) =>
  describeModel(backend, { seeds: [2, 3, 5, 7, 11, 13, 17, 19], runs: 50, length: 120 }),
);
