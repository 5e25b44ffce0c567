// Peer avvio: a plugin is a function with its own context that makes its three services and awaits its init.
import avvio from 'avvio';

/** Starts `size` plugins. Returns the milliseconds from everything declared to every init awaited. Each init calls `onInit`. */
export async function startAvvio(size, onInit) {
  const app = avvio({}, { autostart: false });
  for (let at = 0; at < size; at++) {
    app.use(async () => {
      const services = { a: {}, b: {}, c: {} };
      await init(services, onInit);
    });
  }
  const begin = performance.now();
  app.start();
  await app.ready();
  return performance.now() - begin;
}

async function init(services, onInit) {
  onInit(services);
}
