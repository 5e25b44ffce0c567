// Every wrong set-up with all of its messages, and every error code of the engine with at least one set-up.
import { engineErrors } from '../errors';
import { backendFixture, plugin } from '../scenarios/backendFixture';
import { tell } from './WrongSetup';
import { wrongSetups as setups } from './wrongSetups';

it.each(setups)('explains $title', async setup => {
  expect(await tell(setup)).toEqual(setup.told);
});

it('covers every code of the engine', () => {
  const told = new Set(setups.flatMap(setup => setup.told.map(([code]) => code)));
  expect(Object.keys(engineErrors).filter(code => !told.has(code))).toEqual([]);
});

it('names the line where a feature was added, relative to the working directory', async () => {
  const backend = backendFixture();
  const here = new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1];
  backend.add('nothing' as never);
  const [problem] = await backend.check();
  const line = Number(here) + 1;
  expect(problem!.error.message).toMatch(
    new RegExp(
      `^What was added at packages/backend-app-api/src/diagnostics/wrongSetups\\.test\\.ts:${line}:\\d+ is not`,
    ),
  );
});

it('says nothing about a backend that is sound', async () => {
  const sound = {
    title: '',
    add: (backend: ReturnType<typeof backendFixture>) => backend.add(plugin('a')),
    told: [],
  };
  expect(await tell(sound)).toEqual([]);
});
