// Images and plans of version 0.1.0 start the reference agent by this path (src/plan/images.ts).
import "../../agents/reference.ts";
