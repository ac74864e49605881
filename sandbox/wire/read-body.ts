import type { IncomingMessage } from "node:http";

/** "Whole request less than 1 MB": the stricter reading of a megabyte. */
export const BODY_LIMIT_BYTES = 1_000_000;
/** What is swallowed after the limit, so that the caller can still read the answer. */
const DRAINED_BYTES = 16_000_000;

/** Reads the body as text. Undefined when it is too large; it is counted while it arrives, never kept. */
export function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size < BODY_LIMIT_BYTES) parts.push(part);
      else parts.length = 0;
      if (size <= DRAINED_BYTES) return;
      resolve(undefined);
      request.destroy();
    });
    request.on("end", () =>
      resolve(size < BODY_LIMIT_BYTES ? Buffer.concat(parts).toString("utf8") : undefined),
    );
    request.on("error", reject);
    request.on("close", () => reject(new Error("the caller hung up")));
  });
}
