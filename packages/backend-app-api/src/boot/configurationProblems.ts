// Finds what is wrong with the configuration of a planned backend, for whoever asks without starting it.
import type { RootConfigService } from '@greenroom/backend-plugin-api';
import type { EngineError } from '../errors';
import type { ServiceFailure } from '../services/ServiceRegistry';
import { readSettings } from './bootSettings';
import type { BootContext } from './StartContext';
import { isTold, serviceError } from './startFailures';
import type { StartupReport } from './StartupReport';

/** Makes the configuration service, and nothing else but what it depends on. What the plan has already is left out. */
export async function configurationProblems(
  { plan, registry }: Pick<BootContext, 'plan' | 'registry'>,
  report: StartupReport,
): Promise<EngineError[]> {
  const [node] = plan.graph.providers('core.rootConfig');
  if (!node || plan.graph.isFaulty(node)) return [];
  const problems: EngineError[] = [];
  try {
    const config = await registry.instance(node, registry.root, report.whole);
    await readSettings(config as RootConfigService, problems);
  } catch (thrown) {
    const failure = thrown as ServiceFailure;
    if (!isTold(plan.problems, failure)) problems.push(serviceError('the backend', failure));
  }
  return problems;
}
