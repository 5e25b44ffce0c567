// Scenario of wiring rule 14: a module without its plugin is a warning.
import { backendFixture, pluginModule, recordedLogger } from './backendFixture';

describe('a module whose plugin is not installed', () => {
  it('is a warning in the log', async () => {
    const { lines, factory } = recordedLogger();
    await backendFixture({ features: [pluginModule('gone', 'm'), factory] }).start();
    expect(lines).toContainEqual(expect.stringMatching(/^warn: Module 'm' of plugin 'gone', .* is skipped/));
  });
});
