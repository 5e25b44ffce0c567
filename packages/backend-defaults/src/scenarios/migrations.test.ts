// Migrations with knex's own means over instances that start at once and are killed: real processes on one real database.
import type { JsonObject } from '@backstage/types';
import { dropDatabases } from '@greenroom/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const server = process.env.GREENROOM_TEST_POSTGRES;
const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
const directory = mkdtempSync(join(tmpdir(), 'greenroom-migrations-'));
const running = new Set<ChildProcess>();

afterEach(() => running.forEach(child => child.kill('SIGKILL')));
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  if (server) await dropDatabases(prefix);
}, 60_000);

interface Instance {
  child: ChildProcess;
  lines: string[];
  /** Resolves when it has said this, or has ended without. */
  said(what: string): Promise<void>;
  /** Resolves with what it said, once it has ended. */
  ended: Promise<string[]>;
}

function start(options: JsonObject): Instance {
  const program = join(__dirname, 'programs', 'migratingInstance.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', program, JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running.add(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', line => lines.push(line));
  const closed = once(reader, 'close');
  return {
    child,
    lines,
    async said(what) {
      while (!lines.includes(what)) await Promise.race([once(reader, 'line'), closed]);
    },
    ended: closed.then(() => lines),
  };
}

const sqlite = (name: string): JsonObject => ({
  connection: { filename: join(directory, `${name}.sqlite`) },
});
const postgres = (name: string): JsonObject => ({
  client: 'pg',
  connection: server!,
  plugin: { migrating: { connection: { database: `${prefix}${name}` } } },
});
const databases: Array<[string, (name: string) => JsonObject, jest.It]> = [
  ['SQLite', sqlite, it],
  server
    ? ['PostgreSQL', postgres, it]
    : ['PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)', postgres, it.skip],
];

describe.each(databases)('on %s', (_, databaseNamed, test) => {
  test('are applied once by instances that start together, none of which fails', async () => {
    const database = databaseNamed('together');
    const instances = Array.from({ length: 3 }, () => start({ database, hang: false, transaction: true }));
    const said = (await Promise.all(instances.map(({ ended }) => ended))).flat();
    expect(said.filter(line => line.startsWith('applied')).sort()).toEqual([
      'applied first second',
      'applied nothing',
      'applied nothing',
    ]);
    expect(said.filter(line => line === 'in the middle')).toHaveLength(1);
  }, 60_000);

  test.each([
    ['in transactions', true, ['in the middle', 'applied first second']],
    [
      'without transactions, where knex leaves a mark that would lock out everybody',
      false,
      [
        'in the middle',
        'applied second',
        expect.stringMatching(
          /^warn An instance was ended in the middle of the migrations of table 'knex_mi/,
        ),
      ],
    ],
  ])(
    'go on where a killed instance was, %s',
    async (_how, transaction, expected) => {
      const database = databaseNamed(`killed_${transaction}`);
      const first = start({ database, hang: true, transaction });
      await first.said('in the middle');
      const waiting = start({ database, hang: false, transaction });
      first.child.kill('SIGKILL');
      await first.ended;
      expect(await waiting.ended).toEqual(expected);
    },
    60_000,
  );
});
