/** Next calls this once when the server starts. A portal that must not serve says why in one line and ends. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startPortal } = await import("./lib/jobs/start-portal.ts");
  await startPortal();
}
