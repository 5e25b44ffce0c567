// The test of ${{ values.name }}.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announce } from './index.mjs';

test('announces', () => assert.match(announce('the show'), /ready for the show$/));
