/** A failure that one line explains to the person at the terminal: printed without a stack trace. */
export class StartError extends Error {
  override name = "StartError";
}
