// Published actions of the scaffolder, in the context that the published test utilities of the scaffolder make.
import { createMockDirectory, mockServices } from '@backstage/backend-test-utils';
import {
  createCatalogRegisterAction,
  createFilesystemDeleteAction,
  createFilesystemRenameAction,
} from '@backstage/plugin-scaffolder-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { ScmIntegrations } from '@backstage/integration';

const workspace = createMockDirectory();
const contextOf = input => createMockActionContext({ input, workspacePath: workspace.path });

beforeEach(() => workspace.setContent({ 'deck/sail.txt': 'white', 'keel.txt': 'oak' }));

it('deletes what it is told to', async () => {
  await createFilesystemDeleteAction().handler(contextOf({ files: ['deck/*'] }));

  expect(workspace.content()).toEqual({ 'keel.txt': 'oak', deck: {} });
});

it('renames, and changes nothing where the name is taken', async () => {
  const action = createFilesystemRenameAction();
  await action.handler(contextOf({ files: [{ from: 'keel.txt', to: 'hull.txt' }] }));
  const taken = action.handler(contextOf({ files: [{ from: 'hull.txt', to: 'deck/sail.txt' }] }));

  await expect(taken).rejects.toThrow();
  expect(workspace.content()).toEqual({ 'hull.txt': 'oak', deck: { 'sail.txt': 'white' } });
});

it('registers in a catalog with a mock of it', async () => {
  const catalog = catalogServiceMock.mock({
    addLocation: async () => ({
      exists: false,
      entities: [],
      location: { id: '1', type: 'url', target: '' },
    }),
  });
  const integrations = ScmIntegrations.fromConfig(mockServices.rootConfig());
  const action = createCatalogRegisterAction({ catalog, integrations });
  const context = contextOf({ catalogInfoUrl: 'https://example.com/lightship.yaml' });

  await action.handler(context);

  expect(catalog.addLocation).toHaveBeenCalledWith(
    expect.objectContaining({ target: 'https://example.com/lightship.yaml' }),
    expect.anything(),
  );
  expect(context.output).toHaveBeenCalledWith('catalogInfoUrl', 'https://example.com/lightship.yaml');
});
