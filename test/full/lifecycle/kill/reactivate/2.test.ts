import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("reactivate", { part: 2, of: 3 });
