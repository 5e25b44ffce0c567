// The plan for a database of PostgreSQL, with a release of knex that lacks what is undocumented.
import { ConfigReader } from '@backstage/config';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { readDatabaseSettings } from '../config';
import { planPostgres } from './planPostgres';
import { SilentConnections } from './SilentConnections';

const client = { connectionSettings: {} };
jest.mock('../loadDriver', () => ({ loadDriver: async () => () => ({ client }) }));

it('does without the steps of knex that it limits', async () => {
  const config = new ConfigReader({ backend: { database: { client: 'pg', connection: { host: 'db' } } } });
  const settings = readDatabaseSettings(config, 'things');
  const plan = await planPostgres(settings, new MemoryLogger(), () => settings, new SilentConnections());
  expect(plan.makeKnex({})).toEqual({ client });
  expect(Object.keys(client)).toEqual(['connectionSettings']);
});
