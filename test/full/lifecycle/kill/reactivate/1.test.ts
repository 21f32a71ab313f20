import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("reactivate", { part: 1, of: 3 });
