// A task outlives the instance that runs it: real processes, one of which is killed, on one real database.
import type { JsonObject } from '@backstage/types';
import { dropDatabases } from '@greenroom/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const leaseMs = 1_500;
// Longer than a lease, so that without heartbeats another instance would begin meanwhile.
const workMs = 2_000;
const server = process.env.GREENROOM_TEST_POSTGRES;
const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
const directory = mkdtempSync(join(tmpdir(), 'greenroom-takeover-'));
const running = new Set<ChildProcess>();

afterEach(() => running.forEach(child => child.kill('SIGKILL')));
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  if (server) await dropDatabases(prefix);
});

interface Run {
  instance: Instance;
  begin: number;
  /** Of the end of the run, or of its process. */
  end?: number;
}

interface Instance {
  child: ChildProcess;
  ready: boolean;
}

/** Instances in processes of their own, and what they have run so far; times in milliseconds. */
class Instances extends EventEmitter {
  readonly all: Instance[] = [];
  readonly runs: Run[] = [];
  readonly errors: string[] = [];

  start(options: JsonObject): void {
    const program = join(__dirname, 'programs', 'taskInstance.ts');
    const child = spawn(
      process.execPath,
      ['--conditions=greenroom-source', '--import', 'tsx', program, JSON.stringify(options)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    running.add(child);
    const instance = { child, ready: false };
    this.all.push(instance);
    createInterface({ input: child.stderr }).on('line', line => this.errors.push(line));
    createInterface({ input: child.stdout }).on('line', line => {
      const [what, time] = line.split(' ');
      const at = Number(time) / 1e6;
      if (what === 'ready') instance.ready = true;
      else if (what === 'begin') this.runs.push({ instance, begin: at });
      else this.runs.find(run => run.instance === instance && run.end === undefined)!.end = at;
      this.emit('line');
    });
  }

  async until(reached: () => boolean): Promise<void> {
    while (!reached()) await once(this, 'line');
  }
}

const sqlite: JsonObject = { connection: { filename: join(directory, 'shared.sqlite') } };
const postgres: JsonObject = { client: 'pg', connection: server!, prefix };

const databases: Array<[string, JsonObject, jest.It]> = [
  ['SQLite', sqlite, it],
  server
    ? ['PostgreSQL', postgres, it]
    : ['PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)', postgres, it.skip],
];

describe.each(databases)('on %s', (_, database, test) => {
  test('takes over from a killed instance within twice the lease, and never runs twice at a time', async () => {
    const instances = new Instances();
    for (let count = 0; count < 3; count++) instances.start({ database, leaseMs, workMs });
    await instances.until(
      () => instances.all.every(({ ready }) => ready) && instances.runs.some(run => run.end !== undefined),
    );
    // One run is over, with heartbeats; whoever has the next one dies in it.
    await instances.until(() => instances.runs.at(-1)!.end === undefined);
    const killed = instances.runs.at(-1)!;
    const gone = once(killed.instance.child, 'exit');
    killed.instance.child.kill('SIGKILL');
    await gone;
    killed.end = Number(process.hrtime.bigint()) / 1e6;
    const before = instances.runs.length;

    await instances.until(() => instances.runs.length > before);
    const next = instances.runs.at(-1)!;
    expect(next.instance).not.toBe(killed.instance);
    expect(next.begin - killed.end).toBeLessThan(2 * leaseMs);

    await instances.until(() => next.end !== undefined);
    expect(next.end! - next.begin).toBeGreaterThan(leaseMs);
    const [...ordered] = instances.runs.sort((a, b) => a.begin - b.begin);
    ordered.slice(1).forEach((run, at) => expect(run.begin).toBeGreaterThanOrEqual(ordered[at]!.end!));
    expect(instances.errors).toEqual([]);
  }, 60_000);
});
