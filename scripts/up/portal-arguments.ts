import { NEXT } from "../build.ts";

/** MB of long-lived JavaScript objects. With its buffers and its code the process then stays under 512 MB (bench memory). */
const MOST_HEAP_MB = 288;

/**
 * Usage is objects of a tenth of a second, hundreds of megabytes of them a second. So they die young, in a space of this
 * size; and old objects are looked through when they have tripled, not at each third more, which took a third of the
 * process's time.
 */
const YOUNG_MB = 32;
const HEAP_GROWS_BY_PERCENT = 200;

/** What Node is given to run the production web server. */
export function portalArguments(host: string, port: number): string[] {
  return [
    `--max-old-space-size=${MOST_HEAP_MB}`,
    `--max-semi-space-size=${YOUNG_MB}`,
    `--heap-growing-percent=${HEAP_GROWS_BY_PERCENT}`,
    ...[NEXT, "start", "--hostname", host, "--port", String(port)],
  ];
}
