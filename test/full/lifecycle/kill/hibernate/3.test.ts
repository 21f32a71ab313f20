import { killSuite } from "../../../../lifecycle/kill/suite.ts";

killSuite("hibernate", { part: 3, of: 4 });
