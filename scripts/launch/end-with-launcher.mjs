// @ts-check
// Loaded into every process that one of ours starts. The channel to the starter closes when the starter dies, even by
// kill -9: then this process asks itself to stop, as if it had been told, and insists after a while.
if (process.channel) {
  process.once("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 20_000).unref();
  });
  process.channel.unref();
}
