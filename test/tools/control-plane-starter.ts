import { isAvailable, startControlPlane } from "../../tools/control-plane/control-plane.ts";

/** Starts a control plane, prints its folder, and waits to be killed. */
const plane = await startControlPlane();
process.stdout.write(`${isAvailable(plane) ? plane.folder : ""}\n`);
setInterval(() => {}, 2 ** 30);
