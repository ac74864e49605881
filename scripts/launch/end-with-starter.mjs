// @ts-check
// Loaded into every process that one of ours starts (endWithUs). The channel to the starter closes when the starter
// dies, even by kill -9: then this process asks itself to stop, as if it had been told, and insists after a while.
// Processes that this one starts in turn may inherit the flag that loads us; they are none of our business.
const starter = Number(new URL(import.meta.url).searchParams.get("starter"));
if (process.channel && process.ppid === starter) {
  process.once("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 20_000).unref();
  });
  process.channel.unref();
}
