// Makes knex's migrations safe for instances that start at once, and after an instance was killed.
import type { Knex } from 'knex';

/** Runs `work` while holding a lock. */
export type MigrationLock = <T>(knex: Knex, work: () => Promise<T>) => Promise<T>;

const changing = ['latest', 'up', 'down', 'rollback'] as const;

/**
 * Makes `knex.migrate` wait for other instances instead of failing. While migrating, knex keeps a mark in a table,
 * and a killed process leaves it behind for good. The holder of `lock` knows that nobody else is migrating, so a mark
 * that still exists is a leftover and is removed.
 */
export function guardMigrations(knex: Knex, lock: MigrationLock): void {
  const { get: plain } = Object.getOwnPropertyDescriptor(knex, 'migrate')!;
  const migrator = (): Knex.Migrator => plain!.call(knex);
  Object.defineProperty(knex, 'migrate', {
    configurable: true,
    get() {
      const guarded = migrator();
      for (const name of changing) {
        const run = guarded[name].bind(guarded) as (...args: unknown[]) => Promise<unknown>;
        guarded[name] = (...args: unknown[]) =>
          lock(knex, async () => {
            await removeMark(knex, migrator(), args);
            return run(...args);
          });
      }
      return guarded;
    },
  });
}

async function removeMark(knex: Knex, migrator: Knex.Migrator, args: unknown[]): Promise<void> {
  const config = args.find((arg): arg is Knex.MigratorConfig => typeof arg === 'object' && arg !== null);
  const { tableName = 'knex_migrations', schemaName } = { ...knex.client.config.migrations, ...config };
  const table = `${tableName}_lock`;
  const schema = schemaName ? knex.schema.withSchema(schemaName) : knex.schema;
  if (!(await schema.hasTable(table))) return;
  const marks = schemaName ? knex.withSchema(schemaName).from(table) : knex(table);
  if (await marks.where({ is_locked: 1 }).first()) {
    knex.client.logger.warn(
      `An instance was ended in the middle of the migrations of table '${tableName}'; they are gone on with`,
    );
    await migrator.forceFreeMigrationsLock(config);
  }
}
