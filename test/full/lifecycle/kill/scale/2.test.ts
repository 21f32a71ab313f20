import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("scale", { part: 2, of: 2 });
