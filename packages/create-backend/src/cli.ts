#!/usr/bin/env node
// The command: npm create @greenroom/backend my-backend [-- --split].
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateBackendError } from './CreateBackendError';
import { createRepository } from './createRepository';

const usage = `Makes a repository for a Greenroom backend.

  npm create @greenroom/backend my-backend
  npm create @greenroom/backend my-backend -- --split

  --split   two backends with a shared environment instead of one
  --help    this text
`;

function main(args: string[]): number {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new CreateBackendError(
      folder === undefined ? 'The name of the folder to make is missing' : 'More than one folder is named',
      'Such as: npm create @greenroom/backend my-backend',
    );
  }
  const files = createRepository({ folder, split: values.split });
  process.stdout.write(
    [
      `Made ${folder} with ${files.length} files. Next:`,
      '',
      `  cd ${relative(process.cwd(), folder) || '.'}`,
      '  npm install',
      '  npm test',
      '  npm start',
      '',
      'README.md there says what is what.',
      '',
    ].join('\n'),
  );
  return 0;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { split: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new CreateBackendError((error as Error).message.split('.')[0]!, 'Try --help.');
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CreateBackendError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
