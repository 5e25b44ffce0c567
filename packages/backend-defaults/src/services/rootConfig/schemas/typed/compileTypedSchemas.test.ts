// Tests which schemas come of types: real files, compiled by the real compiler.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type CompiledSchema, compileTypedSchemas } from './compileTypedSchemas';

const files = {
  'values.d.ts': `
    /** Not the configuration. */
    export interface Other { a: number }
    export interface Config {
      text: string;
      count?: number;
      on: boolean | undefined;
      nothing: null;
      level: 'low' | 'high' | 3;
      mixed?: boolean | 'auto' | string[];
      one: 'only';
      anything: any;
      unknown: unknown;
      some: object;
      run(): void;
      hook?: () => void;
      since?: Date;
      prefixed?: \`x-\${string}\`;
    }`,
  'structures.d.ts': `
    interface Base { id: string; note?: string }
    type Kind = { type: 'a'; size: number } | { type: 'b' };
    export type Config = {
      map?: { [key: string]: { port: number } };
      record?: Record<string, string | number>;
      list: readonly Kind[];
      pair?: [string, number?];
      partial: Partial<Base>;
      both?: Base & { more: boolean };
      extended?: Extended;
    };
    interface Extended extends Base { own: string }`,
  'comments.d.ts': `
    export interface Config {
      auth?: {
        /**
         * What to say, see https://user@example.com.
         *
         * @visibility secret
         */
        token: string;
        /** @visibility backend */ plain?: string; /** @visibility secret */ inline?: string;
        nested?: { /** @visibility secret */ pin: number };
        /** @deepVisibility secret */
        deep?: { a: string };
        /** @items.visibility secret */
        tokens?: string[];
        /** @visibilities secret @visibility secret */
        none?: string;
        // @visibility secret
        neither?: string;
        /**
         * @deprecated use \`token\`
         *   instead
         * @minimum 3
         * @maximum many
         */
        old?: number;
        /** @deprecated */
        older?: number;
      };
    }`,
  'imports.d.ts': `
    import type { Duration } from 'durations';
    import { Shared } from './shared';
    export interface Config { every?: Duration | string; shared?: Shared }`,
  'shared.d.ts': 'export interface Shared { /** @visibility secret */ key: string }',
  'node_modules/durations/package.json': '{ "name": "durations", "types": "index.d.ts" }',
  'node_modules/durations/index.d.ts': 'export type Duration = { hours?: number };',
  'recursive.d.ts': `
    interface Tree { /** @visibility secret */ pin?: string; children?: Tree[] }
    export interface Config { tree?: Tree }`,
  'partly.d.ts': `
    import type { Gone } from 'not-installed';
    export interface Config { gone?: Gone; /** @visibility secret */ key?: string }`,
  'broken.d.ts': 'export interface Config {\n  a: Array<;\n}',
  'nothing.d.ts': 'export interface Configuration { a: string }',
  'reexported.d.ts': "export { Shared as Config } from './shared';",
};

describe('compileTypedSchemas', () => {
  const compiled = new Map<string, CompiledSchema>();
  beforeAll(() => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-types-')));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const names = [...Object.keys(files), 'missing.d.ts'].filter(name => !name.includes('/'));
    const outcomes = compileTypedSchemas(
      ts,
      names.map(name => join(root, name)),
    );
    names.forEach((name, index) => compiled.set(name, outcomes[index]!));
    rmSync(root, { recursive: true });
  });
  const propertiesOf = (name: string) => {
    const { schema, problem } = compiled.get(name)!;
    expect(problem).toBeUndefined();
    return schema!.properties!;
  };
  const string = { type: 'string' };
  const number = { type: 'number' };

  it('knows all kinds of values, and requires what is not optional', () => {
    expect(compiled.get('values.d.ts')!.schema).toEqual({
      type: 'object',
      properties: {
        text: string,
        count: number,
        on: { type: 'boolean' },
        nothing: { type: 'null' },
        level: { enum: ['low', 'high', 3] },
        mixed: {
          anyOf: expect.arrayContaining([
            { type: 'boolean' },
            { type: 'string', const: 'auto' },
            { type: 'array', items: string },
          ]),
        },
        one: { type: 'string', const: 'only' },
        anything: {},
        unknown: {},
        some: { type: 'object' },
        // No file has one of these.
        hook: {},
        since: {},
        prefixed: string,
      },
      required: ['text', 'nothing', 'level', 'one', 'some'],
    });
  });

  it('knows lists, maps, and types made of types', () => {
    const base = { id: string, note: string };
    expect(propertiesOf('structures.d.ts')).toEqual({
      map: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { port: number }, required: ['port'] },
      },
      record: { type: 'object', additionalProperties: { anyOf: [string, number] } },
      list: {
        type: 'array',
        items: {
          anyOf: [
            {
              type: 'object',
              properties: { type: { type: 'string', const: 'a' }, size: number },
              required: ['type', 'size'],
            },
            {
              type: 'object',
              properties: { type: { type: 'string', const: 'b' } },
              required: ['type'],
            },
          ],
        },
      },
      pair: { type: 'array', items: { anyOf: [string, number] } },
      partial: { type: 'object', properties: base },
      both: {
        type: 'object',
        properties: { ...base, more: { type: 'boolean' } },
        required: ['id', 'more'],
      },
      extended: { type: 'object', properties: { ...base, own: string }, required: ['own', 'id'] },
    });
  });

  it('takes annotations from comments, inside a line too, and from nothing else', () => {
    const secret = { ...string, visibility: 'secret' };
    expect(propertiesOf('comments.d.ts').auth!.properties).toEqual({
      token: secret,
      plain: { ...string, visibility: 'backend' },
      inline: secret,
      nested: { type: 'object', properties: { pin: { ...number, visibility: 'secret' } }, required: ['pin'] },
      deep: {
        type: 'object',
        properties: { a: string },
        required: ['a'],
        deepVisibility: 'secret',
      },
      tokens: { type: 'array', items: secret },
      none: string,
      neither: string,
      old: { ...number, deprecated: 'use `token` instead', minimum: 3 },
      older: { ...number, deprecated: true },
    });
  });

  it('follows imports, of packages and of files beside it', () => {
    const duration = { type: 'object', properties: { hours: number } };
    const shared = {
      type: 'object',
      properties: { key: { ...string, visibility: 'secret' } },
      required: ['key'],
    };
    const { every, shared: imported } = propertiesOf('imports.d.ts');
    expect(every!.anyOf).toHaveLength(2);
    expect(every!.anyOf).toEqual(expect.arrayContaining([string, duration]));
    expect(imported).toEqual(shared);
    expect(compiled.get('reexported.d.ts')!.schema).toEqual(shared);
  });

  it('follows a type into itself, and comes to an end', () => {
    let depth = 0;
    for (let tree = propertiesOf('recursive.d.ts').tree; tree?.properties; depth++) {
      expect(tree.properties.pin).toEqual({ ...string, visibility: 'secret' });
      const { items } = tree.properties.children!;
      tree = Array.isArray(items) ? undefined : items;
    }
    expect(depth).toBe(6);
  });

  it('tells what is wrong with one file, and does the others', () => {
    expect(compiled.get('broken.d.ts')).toEqual({
      problem: expect.stringMatching(/^line 2 has a mistake: /),
    });
    expect(compiled.get('nothing.d.ts')).toEqual({ problem: "it exports no type 'Config'" });
    expect(compiled.get('missing.d.ts')).toEqual({ problem: 'the file is missing' });
    expect(compiled.get('partly.d.ts')).toEqual({
      problem: expect.stringMatching(/^line 2 has a mistake: Cannot find module 'not-installed'/),
      schema: {
        type: 'object',
        properties: { gone: {}, key: { ...string, visibility: 'secret' } },
      },
    });
  });
});
