import { isAvailable, startControlPlane } from "../../tools/control-plane/control-plane.ts";

/** Starts a control plane, says where, and then waits for whoever kills it. */
const plane = await startControlPlane();
process.stdout.write(`${isAvailable(plane) ? plane.folder : ""}\n`);
setInterval(() => {}, 2 ** 30);
