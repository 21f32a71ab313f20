import { shortStorm, stormSuite } from "./chaos/storm.ts";
import { backendsOf, describeEach } from "./support/each-backend.ts";

describeEach(await backendsOf.servers(), (backend) => stormSuite(backend, shortStorm));
