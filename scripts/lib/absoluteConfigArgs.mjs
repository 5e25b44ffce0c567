// Makes the file names after `--config` absolute, because npm runs scripts in a different folder than the user is in.
import { resolve } from 'node:path';

/** Copies `args`, with every `--config FILE` and `--config=FILE` resolved against `folder`. */
export function absoluteConfigArgs(args, folder) {
  return args.map((arg, index) => {
    if (arg.startsWith('--config=')) return `--config=${resolve(folder, arg.slice('--config='.length))}`;
    return args[index - 1] === '--config' ? resolve(folder, arg) : arg;
  });
}
