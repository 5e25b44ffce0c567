// Tests what is told of schemas, word by word.
import { schemaNotes } from './schemaNotes';

const gathered = { schemas: [], skipped: [], uncompiled: [], packages: 1, durationMs: 1234 };

describe('schemaNotes', () => {
  it('has nothing to say where all schemas are used as they are', () => {
    expect(schemaNotes(gathered)).toEqual({ notes: [], warnings: [] });
  });

  it('tells what was compiled, and where it is now', () => {
    expect(schemaNotes({ ...gathered, compiled: { count: 2, folder: '/cache' } }).notes).toEqual([
      'Compiled 2 configuration schemas that are written as types in 1.2 s, and kept them in /cache',
    ]);
    expect(schemaNotes({ ...gathered, compiled: { count: 1 } }).notes).toEqual([
      'Compiled one configuration schema that is written as types in 1.2 s, and could not keep it, so that every ' +
        'start takes as long: make node_modules/.cache a folder that can be written to',
    ]);
  });

  it('warns once of all packages whose secrets are unknown, and of each schema that is broken', () => {
    const { warnings } = schemaNotes({
      ...gathered,
      skipped: [
        { packageName: 'torn', reason: 'line 1 has a mistake' },
        { packageName: 'holey', reason: "line 2: no 'gone'", inPart: true },
      ],
      uncompiled: ['scales', 'till'],
    });
    expect(warnings).toEqual([
      'The configuration schema of torn is not used: line 1 has a mistake',
      "The configuration schema of holey is used in part: line 2: no 'gone'",
      'Secrets in the configuration of scales, till are not masked in the log, and mistakes in it not found, because ' +
        'it takes a compiler to read schemas that are written as types: install @typescript/typescript6, or run ' +
        '`greenroom config:schema` where it is installed',
    ]);
  });
});
