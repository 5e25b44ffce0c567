// How a command run by npm finds out that it should stop: by a key press, a signal, or the end of its parent shell.

/**
 * Calls `stop` with SIGINT or SIGTERM whenever a stop is requested. A key press that arrives twice, once from the
 * terminal and once from npm, counts only once.
 */
export function onStopSignals(stop) {
  const once = (signal, asked) => {
    let lastSeen = -Infinity;
    process.on(signal, () => {
      const now = performance.now();
      // The duplicate arrives within milliseconds, so a later one is a deliberate second key press.
      const isEcho = now - lastSeen < 300;
      lastSeen = now;
      if (!isEcho) stop(asked);
    });
  };
  once('SIGINT', 'SIGINT');
  once('SIGTERM', 'SIGTERM');
  once('SIGHUP', 'SIGTERM');
  if (process.env.npm_lifecycle_event?.startsWith('start')) onShellGone(() => stop('SIGTERM'));
}

// npm sends SIGTERM to the shell between itself and this process, but no further: without this, ending npm would
// leave the backend running. For a similar reason, the script in package.json makes that shell ignore SIGINT: some
// shells would report 130 after Ctrl-C even if the backend stopped cleanly with 0.
function onShellGone(stop) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 250);
  // The timer must not keep the process alive.
  watch.unref();
}
