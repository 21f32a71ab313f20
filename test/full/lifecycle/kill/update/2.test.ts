import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("update", { part: 2, of: 2 });
