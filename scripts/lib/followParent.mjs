// Preloaded into the example backend: stops it when the process that started it is gone, even by SIGKILL.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening for it must not keep the process alive.
  process.channel.unref();
}
