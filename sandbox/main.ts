// `npm run sandbox`: AWS Marketplace on a laptop. Its own process, its own state; it imports nothing of the portal.
import { enableCompileCache } from "node:module";

// Reading a hundred small files of TypeScript is most of a start: what Node made of them is kept for the next one.
enableCompileCache();
await import("./run.ts");
