import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("scale", { part: 1, of: 2 });
