// Scenarios of wiring rule 13 and contract section 3: signals, failed starts and stray errors, as whoever runs the process sees them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PREAMBLE = `
  const api = require('@greenroom/backend-plugin-api');
  const { createSpecializedBackend } = require('@greenroom/backend-app-api');
  const { lifecycleHooksKey } = require('@greenroom/backend-plugin-api/internal');
  const lifecycle = () => {
    const hooks = { startup: [], beforeShutdown: [], shutdown: [], enter() {} };
    return { addShutdownHook: run => void hooks.shutdown.push({ run }), [lifecycleHooksKey]: hooks };
  };
  const log = level => message => console.log(level + ': ' + message.split('\\n')[0]);
  const logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug'), child: () => logger };
  const provide = (service, factory) => api.createServiceFactory({ service, deps: {}, factory });
  const backendOf = inits => {
    const backend = createSpecializedBackend({
      defaultServiceFactories: [
        provide(api.coreServices.lifecycle, lifecycle),
        provide(api.coreServices.rootLogger, () => logger),
      ],
    });
    Object.entries(inits).forEach(([pluginId, init]) =>
      backend.add(api.createBackendPlugin({
        pluginId,
        register: reg => reg.registerInit({ deps: { lifecycle: api.coreServices.lifecycle }, init }),
      })),
    );
    return backend;
  };
  // Keeps the process alive as an open port would.
  const stayAlive = () => new Promise(resolve => setInterval(resolve, 1_000_000));
  const ready = () => console.log('ready');
`;

interface Exit {
  code: number | null;
  signal: string | null;
  output: string;
}

/** Runs a script in a process of its own; `onLine` gets every line that it writes. */
async function run(
  script: string,
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
) {
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '-e', `${PREAMBLE}\n${script}`],
    { cwd: join(__dirname, '../..'), env: { ...process.env, NODE_ENV: 'production' } },
  );
  let output = '';
  let rest = '';
  const read = (chunk: Buffer) => {
    output += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    lines.forEach(line => onLine(line, signal => child.kill(signal)));
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const [code, signal] = await once(child, 'close');
  return { code, signal, output } as Exit;
}

/** Sends the signals one after the other: the first at `ready`, each other one when the script writes `next`. */
const signalling = (...signals: NodeJS.Signals[]) => {
  return (line: string, kill: (signal: NodeJS.Signals) => void) => {
    if (line === 'ready' || line === 'next') kill(signals.shift()!);
  };
};

const hook = (body: string) => `({ lifecycle }) => { void stayAlive(); lifecycle.addShutdownHook(${body}); }`;

describe('a signal stops every backend of the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s: with code 0 if all stopped cleanly', async signal => {
    const script = `
      const one = backendOf({ a: ${hook("() => console.log('a down')")} });
      const two = backendOf({ b: ${hook("() => console.log('b down')")} });
      Promise.all([one.start(), two.start()]).then(ready);
    `;
    const { code, output } = await run(script, signalling(signal));
    expect(output).toMatch(/a down/);
    expect(output).toMatch(/b down/);
    expect(code).toBe(0);
  });

  it('with code 1 if a hook failed', async () => {
    const script = `backendOf({ a: ${hook("() => { throw new Error('stuck'); }")} }).start().then(ready);`;
    expect((await run(script, signalling('SIGTERM'))).code).toBe(1);
  });

  it('a second one does not cut the first short', async () => {
    const script = `
      const slow = async () => {
        const again = new Promise(resolve => process.once('SIGTERM', resolve));
        console.log('next');
        await again;
        console.log('a down');
      };
      backendOf({ a: ${hook('slow')} }).start().then(ready);
    `;
    const { code, output } = await run(script, signalling('SIGTERM', 'SIGTERM'));
    expect(output).toMatch(/a down/);
    expect(code).toBe(0);
  });

  it('a third one ends the process at once, with code 1', async () => {
    const script = `
      process.on('SIGTERM', () => console.log('next'));
      backendOf({ a: ${hook('() => new Promise(() => {})')} }).start().then(ready);
    `;
    const { code, signal } = await run(script, signalling('SIGTERM', 'SIGTERM', 'SIGTERM'));
    expect({ code, signal }).toEqual({ code: 1, signal: null });
  });

  it('during a start, it aborts the start and stops what had started', async () => {
    const script = `
      const hang = ({ lifecycle }) => {
        lifecycle.addShutdownHook(() => console.log('a down'));
        ready();
        return stayAlive().then(() => new Promise(() => {}));
      };
      backendOf({ a: hang }).start(undefined, error => console.log('told: ' + error.result.plugins[0].failure.error.code));
    `;
    const { code, output } = await run(script, signalling('SIGTERM'));
    expect(output).toMatch(/a down/);
    expect(output).toMatch(/told: GR_START_ABORTED/);
    expect(code).toBe(0);
  });
});

describe('a start that fails', () => {
  const failing = `{
    a: ${hook("() => console.log('a down')")},
    b: () => Promise.reject(new Error('no disk')),
  }`;

  it('ends the process with code 1 where nobody handles it, after the stop sequence, and is told', async () => {
    const { code, output } = await run(`backendOf(${failing}).start();`);
    expect(code).toBe(1);
    expect(output).toMatch(/a down/);
    expect(output.match(/Plugin 'b' failed in its init: no disk/g)).toHaveLength(1);
  });

  it('leaves the process to whoever handles it', async () => {
    const script = `
      backendOf(${failing}).start().catch(error => {
        console.log('handled ' + error.name);
        process.exit(7);
      });
    `;
    const { code, output } = await run(script);
    expect(output).toMatch(/handled BackendStartupError/);
    expect(code).toBe(7);
  });

  it('never exits with 0 where its event loop runs empty', async () => {
    const { code, output } = await run(`backendOf({ a: () => new Promise(() => {}) }).start();`);
    expect(code).toBe(1);
    expect(output).toMatch(/plugin 'a'/i);
  });
});

describe('errors that nobody caught', () => {
  it('are logged by the root logger, and the backend goes on', async () => {
    const script = `
      backendOf({ a: ${hook("() => console.log('a down')")} }).start().then(() => {
        Promise.reject(new Error('stray promise'));
        setImmediate(() => {
          setImmediate(ready);
          throw new Error('stray throw');
        });
      });
    `;
    const { code, output } = await run(script, signalling('SIGTERM'));
    expect(output).toMatch(/^error: .*[Uu]nhandled rejection/m);
    expect(output).toMatch(/^error: .*[Uu]ncaught exception/m);
    expect(output).toMatch(/a down/);
    expect(code).toBe(0);
  });
});
