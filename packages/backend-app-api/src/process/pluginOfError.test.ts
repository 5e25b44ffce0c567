// Tests of finding the plugin that an error came from.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EngineError } from '../errors';
import { pluginOfError } from './pluginOfError';

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'plugin-of-error-'))));
afterAll(() => rmSync(root, { recursive: true }));

/** A package with a source file in a folder of its own, beside a manifest that has no name. */
function makePackage(folder: string, manifest: object | string): string {
  const source = join(root, folder, 'dist', 'router');
  mkdirSync(source, { recursive: true });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  writeFileSync(join(root, folder, 'package.json'), text);
  writeFileSync(join(root, folder, 'dist', 'package.json'), '{"type":"module"}');
  return join(source, 'file.js');
}

function thrownFrom(...frames: string[]): Error {
  const error = new Error('boom');
  error.stack = ['Error: boom', ...frames.map(frame => `    at ${frame}`)].join('\n');
  return error;
}
const any = () => true;
const only =
  (...ids: string[]) =>
  (id: string) =>
    ids.includes(id);

describe('the plugin of an error', () => {
  it.each([
    ['greenroom.pluginId', { name: 'a', greenroom: { pluginId: 'own' } }, 'own'],
    ['backstage.pluginId', { name: 'b', backstage: { pluginId: 'catalog' } }, 'catalog'],
    ['the name of a backend', { name: '@greenroom/plugin-catalog-backend' }, 'catalog'],
    ['the name of a library', { name: '@greenroom/plugin-catalog-node' }, 'catalog'],
    ['the name of a module', { name: '@acme/plugin-catalog-backend-module-git-hub' }, 'catalog'],
    ['an id with dashes', { name: '@acme/plugin-my-node-jobs-backend' }, 'my-node-jobs'],
    ['a name without a scope', { name: 'backstage-plugin-todo-backend' }, 'todo'],
    ['another name', { name: '@acme/backend' }, undefined],
    ['a field of another type', { name: 'x', backstage: { pluginId: 7 } }, undefined],
    ['a broken manifest', '{', undefined],
  ])('is found by %s', (title, manifest, expected) => {
    const file = makePackage(title.replaceAll(' ', '-'), manifest);
    expect(pluginOfError(thrownFrom(`Router.get (${file}:10:3)`), any)).toBe(expected);
  });

  it('is that of the innermost frame in an installed plugin, however a frame is written', () => {
    const catalog = makePackage('catalog', { name: 'plugin-catalog-backend' });
    const jobs = makePackage('jobs', { name: 'plugin-jobs-backend' });
    const frames = [
      'node:internal/process/task_queues:95:5',
      'new Promise (<anonymous>)',
      `async Promise.all (index 0)`,
      `async ${pathToFileURL(jobs)}:1:2`,
      `async Object.run [as go] (${catalog}:3:4)`,
    ];
    expect(pluginOfError(thrownFrom(...frames), any)).toBe('jobs');
    expect(pluginOfError(thrownFrom(...frames), only('catalog'))).toBe('catalog');
    expect(pluginOfError(thrownFrom(...frames), only('other'))).toBeUndefined();
  });

  it('is what an error of ours names, or a cause leads to', () => {
    const init = new EngineError('GR_INIT_FAILED', { subject: "module 'm' of plugin 'p'", reason: 'x' });
    expect(pluginOfError(init, only('p'))).toBe('p');
    const reached = new EngineError(
      'GR_SERVICE_FAILED',
      { subject: 'the backend', id: 'a', reason: 'x' },
      { path: ["plugin 'q'", "service 'a'"] },
    );
    expect(pluginOfError(reached, only('q'))).toBe('q');
    const outer = thrownFrom();
    outer.cause = reached;
    expect(pluginOfError(outer, only('q'))).toBe('q');
    // The same words in an error of somebody else mean nothing.
    expect(pluginOfError(Object.assign(thrownFrom(), { code: 'E', path: ["plugin 'q'"] }), any)).toBe(
      undefined,
    );
  });

  it.each([
    ['undefined', undefined],
    ['a string', 'boom'],
    ['an object without a prototype', Object.create(null)],
    ['an error without a stack', Object.assign(new Error('x'), { stack: undefined })],
    [
      'a circle of causes',
      Object.assign(thrownFrom(), {
        get cause() {
          return this;
        },
      }),
    ],
    [
      'an error that throws',
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    ['a place that is no path', thrownFrom('file (file://remote%2F/x.js:1:1)')],
  ])('is unknown for %s', (_, thrown) => {
    expect(pluginOfError(thrown, any)).toBeUndefined();
  });
});
