import { problem } from "./problem.ts";

/** Two of the largest bodies at once; a body lives on as objects several times its size until it is answered. */
const MOST_HELD_BYTES = 16 * 1024 * 1024;
/** Memory is free again as soon as one of the bodies before it is on disk. */
const RETRY_AFTER_SECONDS = "1";

/** It hangs on globalThis because Next loads modules several times in one process. */
type Holder = { portalBodyBytes?: number };

/**
 * Lets a request with a large body in while there is memory for it, until it is answered; else it is told to come again
 * before a byte of its body is read. A body that does not say its size counts as the largest one allowed.
 */
export async function admitted(
  request: Request,
  mostBytes: number,
  work: () => Promise<Response>,
): Promise<Response> {
  const holder = globalThis as Holder;
  const said = request.headers.get("content-length");
  const bytes = said === null ? mostBytes : Math.min(Number(said) || 0, mostBytes);
  const held = holder.portalBodyBytes ?? 0;
  if (held + bytes > MOST_HELD_BYTES)
    return problem(503, "busy", "Too much usage is being read at once. Send it again.", {
      "retry-after": RETRY_AFTER_SECONDS,
    });
  holder.portalBodyBytes = held + bytes;
  try {
    return await work();
  } finally {
    holder.portalBodyBytes = (holder.portalBodyBytes ?? bytes) - bytes;
  }
}
