import { storeSuite } from "./records/suite.ts";
import { servers } from "./support/places.ts";

storeSuite(await servers());
