// Preloaded into the example backend: stops it when its parent process is gone, even if that was killed by SIGKILL.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep the process alive.
  process.channel.unref();
}
