// What the tests of several packages use. Published is only what plugin authors test with, in backend-test-utils.
export { eventually } from './eventually';
export { freePort } from './freePort';
export { PgBouncer } from './PgBouncer';
export { recordMetrics } from './recordMetrics';
export { RedisCluster } from './RedisCluster';
export { TcpProxy } from './TcpProxy';
