// What a glob finds where not all folders can be read, and where it begins.
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileReader } from './FileReader';
import { patternOf } from './literalFolder';

describe('FileReader', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'file-reader-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reports folders in which it can not look, whose files may still be there', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await writeFile(join(folder, 'a.yaml'), 'a');
    await writeFile(join(closed, 'b.yaml'), 'b');
    await chmod(folder, 0o755);
    const reader = new FileReader([folder]);
    const read = (target: string, state?: string) => reader.read({ type: 'file', target }, state);
    const all = join(folder, '**/*.yaml');
    const before = await read(all);
    expect(before).toMatchObject({ files: [{}, {}], errors: [] });
    await chmod(closed, 0);
    await asNobody(async () => {
      const errors = [{ refusal: { file: `${closed}/`, reason: expect.stringContaining('EACCES') } }];
      const after = await read(all, (before as { state: string }).state);
      expect(after).toMatchObject({ files: [{ target: join(folder, 'a.yaml') }], errors });
      expect(await read(join(folder, '**/b.yaml'))).toMatchObject({ files: [], errors: [{}] });
      await expect(read(join(folder, 'none/*.yaml'))).rejects.toThrow('no file matches');
    });
    await chmod(closed, 0o755);
  });

  it('looks past folders outside of what it may read, whether it can read them or not', async () => {
    const [inside, outside] = [join(folder, 'in'), join(folder, 'out')];
    for (const path of [inside, outside]) await mkdir(path);
    await chmod(folder, 0o755);
    await chmod(outside, 0);
    await writeFile(join(inside, 'a.yaml'), 'a');
    await symlink(outside, join(inside, 'link'));
    await asNobody(async () => {
      const target = join(inside, '**/*.yaml');
      const found = await new FileReader([inside]).read({ type: 'file', target });
      expect(found).toMatchObject({ files: [{}], errors: [] });
    });
    await chmod(outside, 0o755);
  });
});

it.each([
  [`/${'a/'.repeat(10_000)}b.yaml`, 'b.yaml'],
  [`/none/${'a(1)/'.repeat(10_000)}*.yaml`, `${'a(1)/'.repeat(10_000)}*.yaml`],
])('finds the pattern in however long a path', (path, pattern) => {
  expect(patternOf(path)).toBe(pattern);
});

/** The superuser may read everything. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const own = process.geteuid!();
  if (own === 0) process.seteuid!(65_534);
  try {
    await work();
  } finally {
    process.seteuid!(own);
  }
}
