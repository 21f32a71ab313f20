import { killedEngineSuite, useCluster } from "./suite.ts";

useCluster();
killedEngineSuite();
