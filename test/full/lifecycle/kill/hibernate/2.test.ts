import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("hibernate", { part: 2, of: 4 });
