// Peer awilix: a plugin is a scope with its three services and an init that they are injected into.
import { asFunction, createContainer, InjectionMode } from 'awilix';

/** Starts `size` plugins. Returns the milliseconds from everything declared to every init awaited. Each init calls `onInit`. */
export async function startAwilix(size, onInit) {
  const root = createContainer({ injectionMode: InjectionMode.PROXY });
  root.register({
    a: asFunction(() => ({})).scoped(),
    b: asFunction(() => ({})).scoped(),
    c: asFunction(() => ({})).scoped(),
  });
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: size }, async () => {
      const scope = root.createScope();
      const plugin = ({ a, b, c }) => ({
        async init() {
          onInit({ a, b, c });
        },
      });
      scope.register({ plugin: asFunction(plugin).scoped() });
      await scope.resolve('plugin').init();
    }),
  );
  return performance.now() - begin;
}
