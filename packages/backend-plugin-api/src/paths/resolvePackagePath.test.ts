// Tests of resolvePackagePath and of its overrides for tests.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { overridePackagePathResolution } from '../testUtils';
import { resolvePackagePath } from './resolvePackagePath';

const ownRoot = resolve(__dirname, '..', '..');

describe('resolvePackagePath', () => {
  it('finds installed packages, itself included, and joins paths', () => {
    expect(resolvePackagePath('@greenroom/backend-plugin-api')).toBe(ownRoot);
    expect(resolvePackagePath('@greenroom/backend-plugin-api', 'src', 'paths')).toBe(__dirname);
    expect(resolvePackagePath('@backstage/config')).toBe(
      realpathSync(dirname(require.resolve('@backstage/config/package.json'))),
    );
  });

  it('finds the package around a file that is given by its URL, with what overrides say of it', () => {
    const url = String(pathToFileURL(__filename));
    expect(resolvePackagePath(url, 'src', 'paths')).toBe(__dirname);
    expect(() => resolvePackagePath('file:///no%20where/index.js')).toThrow(
      expect.objectContaining({
        code: 'GR_PACKAGE_NOT_FOUND',
        message:
          "No folder from /no where upwards has a package.json. Pass the `import.meta.url` of a file in the package, or the package's name.",
      }),
    );
    const override = overridePackagePathResolution({
      packageName: '@greenroom/backend-plugin-api',
      path: '/elsewhere',
    });
    expect(resolvePackagePath(url, 'src')).toBe(join('/elsewhere', 'src'));
    override.restore();
  });

  it('says what is missing, where it looked, and what to do', () => {
    expect(() => resolvePackagePath('@example/nowhere', 'x')).toThrow(
      expect.objectContaining({
        code: 'GR_PACKAGE_NOT_FOUND',
        message: expect.stringMatching(
          /^Package '@example\/nowhere' is neither installed next to .* dependency/,
        ),
      }),
    );
  });

  describe('with a project elsewhere as working directory', () => {
    let project: string;
    let cwd: jest.SpyInstance;
    beforeAll(() => {
      project = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-packages-')));
      const write = (folder: string, manifest: object) => {
        mkdirSync(join(project, folder), { recursive: true });
        writeFileSync(join(project, folder, 'package.json'), JSON.stringify(manifest));
      };
      write('.', { name: 'project' });
      write('app/deep', {});
      write('node_modules/@example/plain', { name: '@example/plain' });
      write('node_modules/@example/closed', { name: '@example/closed', exports: { '.': './index.js' } });
      cwd = jest.spyOn(process, 'cwd').mockReturnValue(join(project, 'app', 'deep'));
    });
    afterAll(() => {
      cwd.mockRestore();
      rmSync(project, { recursive: true, force: true });
    });

    it('finds what is installed there, even where exports hide package.json', () => {
      for (const name of ['@example/plain', '@example/closed']) {
        expect(resolvePackagePath(name, 'x')).toBe(join(project, 'node_modules', name, 'x'));
      }
    });

    it('finds the package that the working directory is part of', () => {
      expect(resolvePackagePath('project', 'migrations')).toBe(join(project, 'migrations'));
    });
  });
});

describe('overridePackagePathResolution', () => {
  const packageName = '@greenroom/backend-plugin-api';

  it('replaces the root, until it is restored', () => {
    const override = overridePackagePathResolution({ packageName, path: '/elsewhere' });
    expect(resolvePackagePath(packageName, 'a', 'b')).toBe(join('/elsewhere', 'a', 'b'));
    expect(resolvePackagePath('@backstage/config')).not.toContain('elsewhere');
    override.restore();
    override.restore();
    expect(resolvePackagePath(packageName)).toBe(ownRoot);
  });

  it('replaces single paths, by value and by function, and leaves others', () => {
    const paths = { 'a/b': '/one', c: () => '/two', '.': '/root' };
    const override = overridePackagePathResolution({ packageName, paths });
    try {
      expect(resolvePackagePath(packageName, 'a', 'b')).toBe('/one');
      expect(resolvePackagePath(packageName, 'a/b')).toBe('/one');
      expect(resolvePackagePath(packageName, 'c')).toBe('/two');
      expect(resolvePackagePath(packageName)).toBe('/root');
      expect(resolvePackagePath(packageName, 'toString')).toBe(join(ownRoot, 'toString'));
    } finally {
      override.restore();
    }
  });

  it('lets the latest override with an answer decide', () => {
    const overrides = [
      overridePackagePathResolution({ packageName, path: '/first' }),
      overridePackagePathResolution({ packageName, paths: { a: '/second' } }),
    ];
    expect([resolvePackagePath(packageName, 'a'), resolvePackagePath(packageName, 'b')]).toEqual([
      '/second',
      join('/first', 'b'),
    ]);
    overrides[0]!.restore();
    expect([resolvePackagePath(packageName, 'a'), resolvePackagePath(packageName, 'b')]).toEqual([
      '/second',
      join(ownRoot, 'b'),
    ]);
    overrides[1]!.restore();
  });

  it('works for a package that is not installed', () => {
    const override = overridePackagePathResolution({ packageName: '@example/nowhere', path: '/elsewhere' });
    expect(resolvePackagePath('@example/nowhere')).toBe(join('/elsewhere'));
    override.restore();
  });
});
