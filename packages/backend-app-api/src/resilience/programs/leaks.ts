// A program in which many backends fail to start or are stopped; it prints as JSON what they left behind.
import { forEver, programBackend, provide, say } from './programBackend';
import { createServiceRef } from '@greenroom/backend-plugin-api';

const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });
const fail = () => Promise.reject(new Error('no disk'));
const one = () => programBackend({ a: ({ lifecycle }) => lifecycle.addShutdownHook(() => {}), b: fail });
const kinds = [
  () => one(),
  () => programBackend({ a: () => {} }, [provide(rootRef, fail)]),
  () => {
    const backend = programBackend({});
    backend.add(fail());
    return backend;
  },
  // One that hangs, and is stopped while it starts.
  () => {
    const backend = programBackend({ a: forEver });
    setImmediate(() => void backend.stop());
    return backend;
  },
];

const listeners = () =>
  Object.fromEntries(process.eventNames().map(name => [String(name), process.listenerCount(name)]));
// File requests are those of the loader that compiles the program; they come and go by themselves.
const handles = () =>
  process
    .getActiveResourcesInfo()
    .filter(name => !name.startsWith('FSReq'))
    .sort();
const turn = () => new Promise(resolve => setTimeout(resolve, 1));
const heap = () => {
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
};

async function startAndFail(count: number): Promise<number> {
  let failures = 0;
  for (let nr = 0; nr < count; nr++) {
    await kinds[nr % kinds.length]!()
      .start()
      .catch(() => (failures += 1));
  }
  // All at the same time, as well.
  const together = Array.from({ length: 40 }, () =>
    one()
      .start()
      .catch(() => {}),
  );
  await Promise.all(together);
  await turn();
  return failures;
}

async function main() {
  // Node itself listens until the program is loaded, and the loader connects to where it came from.
  do await turn();
  while (handles().includes('ConnectWrap'));
  const before = { listeners: listeners(), handles: handles() };
  let warnings = 0;
  const onWarning = () => (warnings += 1);
  process.on('warning', onWarning);
  // What is compiled and cached on the way is not a leak, on a busy machine later than on an idle one.
  for (let round = 0; round < 3; round++) await startAndFail(200);
  const heapBefore = heap();
  const failures = await startAndFail(200);
  process.off('warning', onWarning);
  const heapGrowth = heap() - heapBefore;
  const after = { listeners: listeners(), handles: handles() };
  say(`result: ${JSON.stringify({ failures, before, after, heapGrowth, warnings })}`);
}
void main();
