// Core services of both implementations, which must behave the same with the same random configuration and requests.
import { compareInProcess, failureOf } from '../lib/compareInProcess.mjs';

const comparisons = [
  {
    name: 'configuration',
    what: 'rootConfig, from files and variables',
    asked: 'all of the configuration, and of single files what every getter gives or that it throws',
    count: 2_000,
  },
  {
    name: 'authPolicies',
    what: 'httpRouter, with auth policies',
    asked:
      'the status of requests without credentials to paths like those of the policies, and the path that the plugin sees',
    count: 10_000,
  },
  {
    name: 'discovery',
    what: 'discovery, by `discovery.endpoints`',
    asked: 'the internal and external address of plugins',
    count: 20_000,
  },
  {
    name: 'schedules',
    what: 'scheduler, with cron expressions',
    asked: 'which are refused, and when the others come true',
    count: 600,
  },
  {
    name: 'caches',
    what: 'cache, in memory',
    asked: 'what each of a random sequence of calls gives',
    count: 20_000,
  },
];

/** Yields one row per service. */
export async function* randomServices({ check, chosen }) {
  for (const { name, what, asked, count } of comparisons) {
    if (!chosen(name)) continue;
    const compared = await compareInProcess('compareServices', { name, count: check ? count / 10 : count });
    yield { what, asked, count: compared.count, failure: failureOf(compared) };
  }
}
