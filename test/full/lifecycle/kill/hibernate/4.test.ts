import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("hibernate", { part: 4, of: 4 });
