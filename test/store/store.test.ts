import { storeSuite } from "./records/suite.ts";
import { files } from "./support/places.ts";

storeSuite(files());
