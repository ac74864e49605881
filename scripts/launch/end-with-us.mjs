// @ts-check
/**
 * Flags for a Node that we start with an `ipc` channel: it ends when we do, however that happens.
 * @returns {string[]}
 */
export function endWithUs() {
  const preload = new URL("./end-with-starter.mjs", import.meta.url);
  preload.searchParams.set("starter", String(process.pid));
  return ["--import", preload.href];
}
