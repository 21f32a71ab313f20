import { serveProvider } from "../base/serve.ts";
import { dockerProvider } from "./provider.ts";

await serveProvider(dockerProvider(process.env), process.argv.slice(2));
