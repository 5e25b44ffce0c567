// Scenario: the time and memory of a process that requires the defaults package, compared with one that does nothing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const scenario = {
  id: 'require-defaults',
  title: 'requiring the defaults package',
  makers: ['greenroom', 'published', 'nothing'],
  samplesPerRound: 3,
  metrics: [
    { key: 'wallMs', label: 'process', unit: 'ms' },
    { key: 'rssMb', label: 'resident memory', unit: 'MB' },
  ],

  run({ maker }) {
    return requireInProcess(maker === 'nothing' ? undefined : require.resolve(defaults[maker]));
  },

  targets: [
    {
      what: 'requiring the defaults: time',
      unit: 'ms',
      atMost: 300,
      value: median => median('greenroom', 'wallMs'),
    },
    {
      what: 'requiring the defaults: resident memory',
      unit: 'MB',
      atMost: 75,
      value: median => median('greenroom', 'rssMb'),
    },
  ],
};

const defaults = {
  greenroom: '@greenroom/backend-defaults',
  published: '@backstage/backend-defaults',
};

/** Returns `{ wallMs, rssMb }` of a plain process, which does not also contain the measuring code. */
function requireInProcess(file) {
  const load = file === undefined ? '' : `require(${JSON.stringify(file)});`;
  const script = `${load}process.stdout.write(String(process.memoryUsage.rss())+'\\n');process.exit(0)`;
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const wallMs = performance.now() - begin;
  if (status !== 0) throw new Error(stderr);
  return { wallMs, rssMb: Number(stdout.trim()) / 1e6 };
}
