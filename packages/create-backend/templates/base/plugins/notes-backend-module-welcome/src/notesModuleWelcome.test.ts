// The module without its plugin: the test stands in for the extension point.
import { startTestBackend } from '@greenroom/backend-test-utils';
import { notesExtensionPoint } from '@internal/plugin-notes-node';
import { notesModuleWelcome } from './notesModuleWelcome';

it('adds a note', async () => {
  const addNote = jest.fn();

  await startTestBackend({
    extensionPoints: [[notesExtensionPoint, { addNote }]],
    features: [notesModuleWelcome],
  });

  expect(addNote).toHaveBeenCalledWith(expect.objectContaining({ title: 'welcome' }));
});
