// The test runner for mutation testing: skips tests once a mutant is detected. Stryker requires jest-circus in its name.
const circus = require('jest-circus/runner');

const runFile = circus.default ?? circus;

module.exports = async function untilFailure(globalConfig, config, environment, ...rest) {
  // Without a mutant, this is the run that finds out which test covers what, so all tests have to run.
  if (process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined) skipAfterFailure(environment);
  return runFile(globalConfig, config, environment, ...rest);
};

function skipAfterFailure(environment) {
  const handle = environment.handleTestEvent?.bind(environment);
  let noticed = false;
  environment.handleTestEvent = async (event, state) => {
    await handle?.(event, state);
    if (event.name === 'test_done' && event.test.errors.length > 0) noticed = true;
    if (event.name === 'test_start' && noticed) event.test.mode = 'skip';
  };
}
