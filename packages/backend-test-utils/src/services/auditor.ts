// mockServices.auditor, whose mock returns events that are mocks, too.
import { auditorServiceFactory } from '@greenroom/backend-defaults/auditor';
import { coreServices, type AuditorService } from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

/** See {@link mockServices}. */
export const auditor = {
  factory: () => auditorServiceFactory,
  mock: mockOf<AuditorService>(coreServices.auditor, ['createEvent'], () => ({
    createEvent: jest.fn(async () => ({
      success: jest.fn(async () => {}),
      fail: jest.fn(async () => {}),
    })),
  })),
};
