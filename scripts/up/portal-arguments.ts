import { NEXT } from "../build.ts";

/** MB of long-lived JavaScript objects. With its buffers and its code the process then stays under 512 MB (bench memory). */
const MOST_HEAP_MB = 288;

/** What Node is given to run the production web server. */
export function portalArguments(host: string, port: number): string[] {
  return [`--max-old-space-size=${MOST_HEAP_MB}`, NEXT, "start", "--hostname", host, "--port", String(port)];
}
