import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("hibernate", { part: 1, of: 4 });
