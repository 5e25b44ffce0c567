// At which level events of a severity are logged.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readSeverityLogLevels } from './config';

const read = (severityLogLevelMappings: JsonObject) =>
  readSeverityLogLevels(new ConfigReader({ backend: { auditor: { severityLogLevelMappings } } }));

it('has defaults, of which each may be changed', () => {
  const defaults = { low: 'debug', medium: 'info', high: 'info', critical: 'info' };
  expect(readSeverityLogLevels(new ConfigReader({}))).toEqual(defaults);
  expect(read({ low: 'info', critical: 'error' })).toEqual({ ...defaults, low: 'info', critical: 'error' });
});

it('refuses what is not known, with key and expectation', () => {
  expect(() => read({ high: 'loud' })).toThrow(
    "backend.auditor.severityLogLevelMappings.high is 'loud', and must be one of debug, info, warn, error",
  );
  expect(() => read({ huge: 'info' })).toThrow(
    'severityLogLevelMappings.huge is not known: severities are low, medium, high, critical',
  );
});
