import { groups } from "./groups.ts";
import { editsSuite } from "./suite.ts";

editsSuite(groups.project);
