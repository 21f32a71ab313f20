import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("update", { part: 1, of: 2 });
