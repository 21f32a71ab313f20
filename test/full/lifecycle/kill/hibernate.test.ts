import { killSuite } from "../../../lifecycle/kill/suite.ts";

killSuite("hibernate");
