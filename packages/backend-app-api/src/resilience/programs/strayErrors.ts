// A program in which nobody catches errors of plugins; the first argument is the folder of a plugin's package.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import { programBackend, say, stayAlive } from './programBackend';

const require = createRequire(join(process.argv[2]!, 'index.js'));
// The package that the test lays out in the folder it passes.
const plugin = require(join(process.argv[2]!, 'index.js')) as {
  reject(): void;
  throwLater(done: () => void): void;
};

stayAlive();
const first = programBackend({ other: () => {} });
const second = programBackend({ greeter: () => {} });
const start = async () => {
  await first.start();
  await second.start();
  plugin.reject();
  void Promise.reject(
    new GreenroomError({ code: 'GR_TEST', message: 'named', path: ["plugin 'greeter'", "service 'a'"] }),
  );
  void Promise.reject(new Error('of nobody'));
  void Promise.reject('a string');
  plugin.throwLater(() => {
    say(`alive, listeners: ${process.listenerCount('uncaughtException')}`);
    say('signal me');
  });
};
void start();
