// Tests which configuration files are chosen.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderForEach } from '../../testing/folderForEach';
import { findConfigFiles } from './findConfigFiles';

describe('findConfigFiles', () => {
  let root: string;
  folderForEach(folder => (root = folder));

  it('takes app-config.yaml of the directory, with the local file as an optional one', () => {
    writeFileSync(join(root, 'app-config.yaml'), '');
    expect(findConfigFiles([], root)).toEqual({
      required: [join(root, 'app-config.yaml')],
      optional: [join(root, 'app-config.local.yaml')],
      problems: [],
    });
  });

  it('goes up to the nearest directory that has one', () => {
    writeFileSync(join(root, 'app-config.yaml'), '');
    mkdirSync(join(root, 'packages/backend'), { recursive: true });
    writeFileSync(join(root, 'packages/app-config.yaml'), '');
    expect(findConfigFiles([], join(root, 'packages/backend')).required).toEqual([
      join(root, 'packages/app-config.yaml'),
    ]);
  });

  it('does without any file where there is none up to the root', () => {
    expect(findConfigFiles(['start'], root)).toEqual({ required: [], optional: [], problems: [] });
  });

  it('takes each --config in order, in both forms, instead of the default files', () => {
    writeFileSync(join(root, 'app-config.yaml'), '');
    const argv = [
      'start',
      '--config',
      'a.yaml',
      '--verbose',
      '--config=sub/b.json',
      '--',
      '--config',
      'c.yaml',
    ];
    expect(findConfigFiles(argv, root)).toEqual({
      required: [join(root, 'a.yaml'), join(root, 'sub/b.json')],
      optional: [],
      problems: [],
    });
  });

  it.each([[['--config']], [['--config=']], [['--config', '--verbose']]])('refuses %j', argv => {
    expect(findConfigFiles(argv, root).problems).toEqual([
      'The argument --config needs the path of a file after it.',
    ]);
  });

  it('refuses a URL and says what to do', () => {
    expect(findConfigFiles(['--config', 'https://config.example.com/a.yaml'], root).problems).toEqual([
      '--config https://config.example.com/a.yaml is a URL: download it first and give the path of the file.',
    ]);
  });
});
