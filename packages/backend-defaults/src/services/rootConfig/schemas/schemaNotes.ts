// The messages to log or print about the schemas of a backend's packages.
import type { GatheredSchemas } from './PackageConfigSchema';
import { compilerPackage } from './typed/loadCompiler';

/** `notes` are informational. `warnings` are about schemas that are not used, or only in part. */
export function schemaNotes({ skipped, uncompiled, compiled, durationMs }: GatheredSchemas): {
  notes: string[];
  warnings: string[];
} {
  const notes: string[] = [];
  if (compiled) {
    const { count, folder } = compiled;
    const [what, them] =
      count === 1
        ? ['one configuration schema that is', 'it']
        : [`${count} configuration schemas that are`, 'them'];
    const kept = folder
      ? `and kept ${them} in ${folder}`
      : `and could not keep ${them}, so that every start takes as long: make node_modules/.cache a folder that can be written to`;
    notes.push(`Compiled ${what} written as types in ${(durationMs / 1000).toFixed(1)} s, ${kept}`);
  }
  const warnings = skipped.map(({ packageName, reason, inPart }) =>
    inPart
      ? `The configuration schema of ${packageName} is used in part: ${reason}`
      : `The configuration schema of ${packageName} is not used: ${reason}`,
  );
  if (uncompiled.length > 0) {
    warnings.push(
      `Secrets in the configuration of ${uncompiled.join(', ')} are not masked in the log, and mistakes in it not found, ` +
        'because it takes a compiler to read schemas that are written as types: ' +
        `install ${compilerPackage}, or run \`greenroom config:schema\` where it is installed`,
    );
  }
  return { notes, warnings };
}
