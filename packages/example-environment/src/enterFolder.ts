// Changes the working directory to the folder of a package, so that its configuration is always found.
import { resolve } from 'node:path';

/** Makes relative files of `--config` absolute first, so that they still refer to the same files. */
export function enterFolder(folder: string): void {
  process.argv = process.argv.map((argument, at, all) => {
    const [, file] = /^--config=(.+)$/.exec(argument) ?? [];
    if (file) return `--config=${resolve(file)}`;
    return all[at - 1] === '--config' ? resolve(argument) : argument;
  });
  process.chdir(folder);
}
