// Tests of the actions that render what is in the workspace already.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createActionBench, readFiles, writeFiles } from '../../testing/createActionBench';

let bench: ReturnType<typeof createActionBench>;
beforeEach(() => (bench = createActionBench()));
afterEach(() => bench.close());

it('workspace:template renders contents and names into another folder, or in place', async () => {
  writeFiles(bench.workspace, {
    'chart/${{ values.name }}/values.yaml': 'name: ${{ values.name }}\n',
    'chart/raw.txt': '${{ values.name }}',
  });
  const input = { sourcePath: './chart', values: { name: 'seats' }, copyWithoutTemplating: ['raw.txt'] };
  await bench.run('workspace:template', { ...input, targetPath: './out' });
  expect(readFiles(join(bench.workspace, 'out'))).toEqual({
    'raw.txt': '${{ values.name }}',
    'seats/values.yaml': 'name: seats\n',
  });
  // What is there already stays, and what is made is not taken for a part of the skeleton.
  writeFiles(bench.workspace, { 'out/raw.txt': 'kept' });
  await bench.run('workspace:template', { ...input, targetPath: './out' });
  await bench.run('workspace:template', { ...input, targetPath: './chart/inside' });
  expect(readFiles(join(bench.workspace, 'out'))).toMatchObject({ 'raw.txt': 'kept' });
  expect(Object.keys(readFiles(join(bench.workspace, 'chart/inside')))).toEqual([
    'raw.txt',
    'seats/values.yaml',
  ]);
  await expect(
    bench.run('workspace:template', { ...input, targetPath: 'x', templateFileExtension: true }),
  ).rejects.toThrow(/excludes/);
  writeFiles(bench.workspace, { 'file.md': '' });
  for (const sourcePath of ['not-there', 'file.md']) {
    await expect(bench.run('workspace:template', { ...input, sourcePath, targetPath: 'x' })).rejects.toThrow(
      `There is no folder '${sourcePath}' in the workspace to be rendered`,
    );
  }
});

it('workspace:template:file renders one file', async () => {
  writeFiles(bench.workspace, { 'README.njk': '# ${{ values.name }}', 'bytes.bin': Buffer.of(0) });
  const input = { sourcePath: 'README.njk', targetPath: 'docs/README.md', values: { name: 'seats' } };
  await bench.run('workspace:template:file', input);
  await bench.run('workspace:template:file', { ...input, values: { name: 'other' } });
  expect(readFiles(bench.workspace)).toMatchObject({ 'docs/README.md': '# seats' });
  await bench.run('workspace:template:file', { ...input, values: { name: 'other' }, replace: true });
  expect(readFiles(bench.workspace)).toMatchObject({ 'docs/README.md': '# other' });
  await expect(
    bench.run('workspace:template:file', { ...input, sourcePath: 'bytes.bin', replace: true }),
  ).rejects.toThrow("bytes.bin is not text in UTF-8, so it can't be a template.");
  for (const sourcePath of ['docs', 'not-there.md']) {
    await expect(
      bench.run('workspace:template:file', { ...input, sourcePath, replace: true }),
    ).rejects.toThrow(`There is no file '${sourcePath}' in the workspace to be rendered`);
  }
});

it.each(['workspace:template', 'workspace:template:file'])(
  '%s neither reads nor writes outside',
  async id => {
    writeFiles(bench.folder, { 'secret/key': 'k' });
    writeFiles(bench.workspace, { 'in/a.txt': 'a' });
    symlinkSync(join(bench.folder, 'secret'), join(bench.workspace, 'link'));
    mkdirSync(join(bench.workspace, 'linked'));
    symlinkSync(join(bench.folder, 'secret/key'), join(bench.workspace, 'linked/key'));
    for (const [sourcePath, targetPath] of [
      ['../secret', 'out'],
      ['link', 'out'],
      ['link/key', 'out'],
      ['in', '../out'],
      ['in/a.txt', 'link/a.txt'],
    ] as const) {
      await expect(bench.run(id, { sourcePath, targetPath })).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
    }
    if (id === 'workspace:template') {
      await expect(bench.run(id, { sourcePath: 'linked', targetPath: 'out' })).rejects.toThrow(
        "The link 'key' leads out of the files",
      );
    }
    expect(readFiles(join(bench.folder, 'secret'))).toEqual({ key: 'k' });
  },
);
