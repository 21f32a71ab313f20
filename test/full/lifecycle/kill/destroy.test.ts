import { killOnceSuite } from "../../../lifecycle/kill/suite.ts";

killOnceSuite("destroy");
