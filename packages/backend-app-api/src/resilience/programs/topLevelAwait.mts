// A program in the form of an ES module that awaits the start of a backend at its top level; it fails.
import { forEver, programBackend, say, stayAlive } from './programBackend';

const backend = programBackend({
  a: ({ lifecycle }) => {
    if (process.argv[2] === 'fails') stayAlive();
    lifecycle.addShutdownHook(() => say('a down'));
  },
  b: () => (process.argv[2] === 'fails' ? Promise.reject(new Error('no disk')) : forEver()),
});
await backend.start();
say('never said');
