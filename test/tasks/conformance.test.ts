import { conformanceSuite } from "./conformance/suite.ts";
import { backendsOf, describeEach } from "./support/each-backend.ts";

describeEach(await backendsOf.file(), conformanceSuite);
