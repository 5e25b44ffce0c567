// The list of scenarios, in the order in which they run and are shown.
import { scenarios as catalogIngestion } from './catalogIngestion.mjs';
import { scenarios as catalogRequests } from './catalogRequests.mjs';
import { scenario as defaultsChain } from './defaultsChain.mjs';
import { scenario as httpManyPlugins } from './httpManyPlugins.mjs';
import { scenario as httpRequests } from './httpRequests.mjs';
import { scenario as httpToken } from './httpToken.mjs';
import { scenario as importEngine } from './importEngine.mjs';
import { scenario as installedSize } from './installedSize.mjs';
import { scenario as keptHeap } from './keptHeap.mjs';
import { scenario as manyModules } from './manyModules.mjs';
import { scenario as manyPlugins } from './manyPlugins.mjs';
import { scenario as peers } from './peers.mjs';
import { scenario as pluginsReadiness } from './pluginsReadiness.mjs';
import { scenario as readiness } from './readiness.mjs';
import { scenario as requireDefaults } from './requireDefaults.mjs';
import { scenarios as scaffolderTasks } from './scaffolderTasks.mjs';
import { scenario as slowPluginServices } from './slowPluginServices.mjs';
import { scenario as slowRootServices } from './slowRootServices.mjs';
import { scenario as spanRecording } from './spanRecording.mjs';

export const scenarios = [
  manyPlugins,
  keptHeap,
  defaultsChain,
  manyModules,
  slowRootServices,
  slowPluginServices,
  importEngine,
  spanRecording,
  peers,
  requireDefaults,
  readiness,
  httpRequests,
  httpManyPlugins,
  httpToken,
  installedSize,
  pluginsReadiness,
  ...catalogIngestion,
  ...catalogRequests,
  ...scaffolderTasks,
];
