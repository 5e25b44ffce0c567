// That connections of the queue follow a password which is changed, and are given up where they are silent (set GREENROOM_TEST_POSTGRES to a URL).
import { TcpProxy } from '@greenroom/testing';
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

(server ? it : it.skip)(
  'gives up a connection that leaves a statement without an answer, and makes another one (skipped where GREENROOM_TEST_POSTGRES names no server)',
  async () => {
    const proxy = await TcpProxy.start(server!);
    const knex = knexFactory({ client: 'pg', connection: proxy.through(server!) });
    const pool = await createPool(knex, 1, { longestAnswerMs: 400 });
    try {
      await pool.query('select 1');
      proxy.mode = 'hang';
      await expect(pool.query('select 1')).rejects.toThrow('The database gave no answer within 400 ms');
      proxy.mode = 'pass';
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      // Of a connection that is closed the system goes on to send what is left.
      while (proxy.resets === 0) await new Promise(setImmediate);
    } finally {
      await pool.end();
      await knex.destroy();
      await proxy.stop();
    }
  },
);
