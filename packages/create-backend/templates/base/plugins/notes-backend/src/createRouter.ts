// The HTTP API of the notes plugin.
import type { HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { Router } from 'express';
import type { NoteStore } from './NoteStore';

/** `GET /` lists all notes. `PUT /:title` writes one; only users and other plugins may do that. */
export function createRouter(options: { store: NoteStore; httpAuth: HttpAuthService }): Router {
  const { store, httpAuth } = options;
  const router = Router();
  router.get('/', async (_req, res) => {
    res.json(await store.list());
  });
  router.put('/:title', express.text(), async (req, res) => {
    await httpAuth.credentials(req, { allow: ['user', 'service'] });
    await store.put({ title: req.params.title, text: req.body });
    res.status(204).end();
  });
  return router;
}
