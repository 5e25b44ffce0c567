// Makes the file names on a command line absolute, because npm runs scripts in a different folder than the user is in.
import { resolve } from 'node:path';

/** Copies `args`, with the files of `options`, given as `--config FILE` or `--config=FILE`, resolved against that folder. */
export function absoluteFileArgs(args, options, folder = process.env.INIT_CWD ?? process.cwd()) {
  return args.map((arg, index) => {
    const option = options.find(name => arg.startsWith(`${name}=`));
    if (option) return `${option}=${resolve(folder, arg.slice(option.length + 1))}`;
    return options.includes(args[index - 1]) ? resolve(folder, arg) : arg;
  });
}
