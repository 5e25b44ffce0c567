// Tests configuration by environment variables.
import { environmentConfig } from './environmentConfig';

describe('environmentConfig', () => {
  it('parses JSON where possible and keeps other text as it is', () => {
    const env = {
      APP_CONFIG_backend_listen_port: '7008',
      APP_CONFIG_backend_baseUrl: 'http://localhost:7008',
      APP_CONFIG_backend_cors: '{"origin":["a"]}',
      'APP_CONFIG_catalog_plugin-x': '"false"',
      APP_CONFIG_flag: 'false',
      APP_CONFIG_nothing: 'null',
      APP_CONFIG_empty: '""',
      APP_CONFIG_backend: '',
      OTHER: 'x',
    };
    expect(environmentConfig(env)).toMatchObject({
      data: {
        backend: { listen: { port: 7008 }, baseUrl: 'http://localhost:7008', cors: { origin: ['a'] } },
        catalog: { 'plugin-x': 'false' },
        flag: false,
        nothing: null,
        empty: '',
      },
      problems: [],
    });
  });

  it('has no data where there is no such variable', () => {
    expect(environmentConfig({ PATH: '/bin', APP_CONFIG_a: '' })).toMatchObject({
      data: undefined,
      problems: [],
    });
  });

  it('adds a part to an object that another variable sets', () => {
    expect(environmentConfig({ APP_CONFIG_a_b: '2', APP_CONFIG_a: '{"c":1}' }).data).toEqual({
      a: { b: 2, c: 1 },
    });
  });

  it('reports a part of what is no object', () => {
    expect(environmentConfig({ APP_CONFIG_a_b: '1', APP_CONFIG_a_b_c: '2' })).toMatchObject({
      data: { a: { b: 1 } },
      problems: [
        "APP_CONFIG_a_b_c sets a key inside 'a.b', which APP_CONFIG_a_b sets to a value that is not an object: remove one of the two.",
      ],
    });
  });

  it.each(['APP_CONFIG_', 'APP_CONFIG_a__b', 'APP_CONFIG_1a', 'APP_CONFIG___proto___x', 'APP_CONFIG_a.b'])(
    'reports %s as no key',
    name => {
      const { data, problems } = environmentConfig({ [name]: '1' });
      expect(data).toBeUndefined();
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(
        new RegExp(`^${name.replace('.', '\\.')}: '.*' cannot be a configuration key`),
      );
    },
  );
});
