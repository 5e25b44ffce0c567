// That the limit of time of templates is about their work, not about a machine or a process that stood still.
import { readFileSync } from 'node:fs';
import { TemplateRenderer } from '../TemplateRenderer';
import { TemplatingExtensions } from '../TemplatingExtensions';

const isLinux = process.platform === 'linux';

(isLinux ? it : it.skip)(
  `stops no template because everything stood still${isLinux ? '' : ' (skipped: only Linux tells the children of a process)'}`,
  async () => {
    const renderer = new TemplateRenderer(new TemplatingExtensions().addBuiltins(), {
      limits: { timeout: 3_000 },
      size: 1,
    });
    const render = () => renderer.render('${{ range(5).join("") }}', { parameters: {}, steps: {} });
    expect(await render()).toBe('01234');
    const [child] = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').slice(-2);
    process.kill(Number(child), 'SIGSTOP');
    const rendered = render();
    await new Promise(setImmediate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
    setImmediate(() => process.kill(Number(child), 'SIGCONT'));
    expect(await rendered).toBe('01234');
    await renderer.close();
  },
);
