// Tests the limit of time with a process that is really stopped meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { matchWithinTime } from './matchWithinTime';

const glob = '(slow)';
/** Each `a` more doubles the time. */
const pattern = /^(a|a)*b$/;

/** A path that takes some 10 ms here, of the 100 that there are. */
function slowPath(): string {
  for (let path = 'aaaaaaaaaa'; ; path += 'a') {
    const begin = performance.now();
    pattern.test(path);
    if (performance.now() - begin > 10) return path;
  }
}

it('counts only the time that this process could use', async () => {
  const path = slowPath();
  const stopping = spawn('sh', ['-c', `kill -STOP ${process.pid}; sleep 0.4; kill -CONT ${process.pid}`]);
  await once(stopping, 'spawn');
  const until = performance.now() + 600;
  while (performance.now() < until) expect(matchWithinTime(pattern, glob)(path)).toBe(false);
  if (stopping.exitCode === null) await once(stopping, 'exit');
});

it('gives a pattern up after its time', () => {
  const matches = matchWithinTime(pattern, glob);
  expect(() => matches(`${'a'.repeat(100)}!`)).toThrow("The pattern '(slow)' takes too long to be matched");
});
