import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("reactivate", { part: 3, of: 3 });
