import { killedEngineSuite, laterUpdatesSuite, useCluster } from "./suite.ts";

useCluster();
killedEngineSuite();
laterUpdatesSuite();
