import { serveProvider } from "../base/serve.ts";
import { kubernetesProvider } from "./provider.ts";

await serveProvider(kubernetesProvider(process.env), process.argv.slice(2));
