// What the tests of several packages use. Published is only what plugin authors test with, in backend-test-utils.
export { createModule, createPlugin } from './createPlugin';
export { dropDatabases } from './dropDatabases';
export { eventually } from './eventually';
export { freePort } from './freePort';
export { PgBouncer } from './PgBouncer';
export { provide } from './provide';
export { recordMetrics } from './recordMetrics';
export { RedisCluster } from './RedisCluster';
export { TcpProxy } from './TcpProxy';
