// That connections of the queue follow a password which is changed (set GREENROOM_TEST_POSTGRES to a URL).
import knexFactory from 'knex';
import type { Pool } from 'pg';
import { createPool } from './createPool';

const server = process.env.GREENROOM_TEST_POSTGRES;

(server ? it : it.skip)(
  'takes the password that holds when it connects (skipped where GREENROOM_TEST_POSTGRES names no server)',
  async () => {
    const knex = knexFactory({ client: 'pg', connection: server! });
    const given = { password: 'first' };
    // As the database service has it, which follows the configuration.
    knex.client.connectionSettings = {
      ...knex.client.connectionSettings,
      get password() {
        return given.password;
      },
    };
    const pool: Pool = await createPool(knex, 1);
    try {
      given.password = 'second';
      const client = await pool.connect();
      const { password } = client as unknown as { password: () => string };
      client.release();
      expect(password()).toBe('second');
    } finally {
      await pool.end();
      await knex.destroy();
    }
  },
);
