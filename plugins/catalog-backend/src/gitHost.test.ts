// Tests of locations on a git host: globs, optional ones, and where their entities are told to be from.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import { eventually } from '@greenroom/testing';
import { CatalogPlace, clients, component, entity } from './testing/startTestCatalog';

describe.each(clients)('locations on a git host, on %s', client => {
  let place: CatalogPlace;
  let server: Server;
  let commit: string;
  /** What the archive of the repository is made of, as arguments of tar. */
  let packed: string[];

  beforeEach(async () => {
    place = await CatalogPlace.create(client);
    commit = 'c1';
    packed = ['-C', place.folder, 'repository'];
    // As the API of Gitea answers, for one repository that is the folder `repository`.
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      const [, file] = /\/raw\/(.*)$/.exec(pathname) ?? [];
      if (file) {
        try {
          response.end(readFileSync(join(place.folder, 'repository', decodeURIComponent(file))));
        } catch {
          response.writeHead(404).end();
        }
      } else if (pathname.includes('/archive/')) {
        response.end(execFileSync('tar', ['-czP', ...packed]));
      } else {
        response.end(JSON.stringify([{ sha: commit }]));
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    await place.remove();
    server.closeAllConnections();
    server.close();
  });

  const web = 'https://git.example/acme/shop/src/branch/main';
  const start = (targets: Array<{ target: string; presence?: string }>) =>
    place.startWith(
      {
        locations: targets.map(given => ({ type: 'url', ...given })),
        processingInterval: { milliseconds: 500 },
      },
      {
        integrations: {
          gitea: [
            {
              host: 'git.example',
              apiBaseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`,
            },
          ],
        },
      },
    );

  it('are read by globs, and tell where their entities are seen, edited and made', async () => {
    const own = { 'backstage.io/source-location': 'url:https://git.example/acme/elsewhere/' };
    await place.write({
      'repository/catalog-info.yaml': component('shop'),
      'repository/services/pay/catalog-info.yaml': component('pay', {}, { annotations: own }),
      'repository/services/pay/other.yaml': component('other'),
    });
    const { client: catalog, options } = await start([{ target: `${web}/**/catalog-info.yaml` }]);
    const names = async () =>
      (await catalog.getEntities({ filter: { kind: 'component' } }, options)).items
        .map(({ metadata }) => metadata.name)
        .sort();
    await eventually(async () => expect(await names()).toEqual(['pay', 'shop']));
    const annotationsOf = async (name: string) =>
      (await catalog.getEntityByRef(`component:${name}`, options))?.metadata.annotations;
    expect(await annotationsOf('shop')).toEqual({
      'backstage.io/managed-by-location': `url:${web}/catalog-info.yaml`,
      'backstage.io/managed-by-origin-location': `url:${web}/**/catalog-info.yaml`,
      'backstage.io/view-url': `${web}/catalog-info.yaml`,
      'backstage.io/edit-url': 'https://git.example/acme/shop/_edit/main/catalog-info.yaml',
      'backstage.io/source-location': `url:${web}/`,
    });
    expect(await annotationsOf('pay')).toMatchObject({
      ...own,
      'backstage.io/view-url': `${web}/services/pay/catalog-info.yaml`,
    });

    await place.write({ 'repository/new/catalog-info.yaml': component('new') });
    commit = 'c2';
    await eventually(async () => expect(await names()).toEqual(['new', 'pay', 'shop']));
  });

  it('take no links and nothing beside the repository from its archive, and keep what they had', async () => {
    await place.write({
      'repository/catalog-info.yaml': component('shop'),
      'repository/empty/readme.md': '',
      'outside/catalog-info.yaml': component('outside'),
    });
    await symlink('/etc/passwd', join(place.folder, 'repository/empty/catalog-info.yaml'));
    await symlink('../outside', join(place.folder, 'repository/linked'));
    const { client: catalog, options, request } = await start([{ target: `${web}/**/catalog-info.yaml` }]);
    const names = async () =>
      (await catalog.getEntities({ filter: { kind: 'component' } }, options)).items.map(
        ({ metadata }) => metadata.name,
      );
    const refused = async () =>
      ((await request('/.greenroom/ingestion')).body as { refused: IngestionRefusal[] }).refused;
    await eventually(async () => expect(await names()).toEqual(['shop']));
    expect(await refused()).toEqual([]);

    packed = ['-C', join(place.folder, 'repository'), '../repository/catalog-info.yaml', '../outside'];
    commit = 'c2';
    await eventually(async () =>
      expect(await refused()).toEqual([
        expect.objectContaining({ subject: 'location', reason: expect.stringMatching(/archive.*\.\./i) }),
      ]),
    );
    expect(await names()).toEqual(['shop']);
  });

  it('fill the placeholders of their entities from their own repository alone', async () => {
    const text = (target: string) => ({ description: { $text: target } });
    await place.write({
      'repository/words.txt': 'Sells tickets',
      'repository/own.yaml': component('own', {}, text('./words.txt')),
      'repository/other.yaml': component('other', {}, text('../../../../other/src/branch/main/words.txt')),
    });
    const {
      client: catalog,
      options,
      request,
    } = await start(['own', 'other'].map(name => ({ target: `${web}/${name}.yaml` })));
    await eventually(async () => {
      const own = await catalog.getEntityByRef('component:own', options);
      expect(own?.metadata.description).toBe('Sells tickets');
      const { refused } = (await request('/.greenroom/ingestion')).body as { refused: IngestionRefusal[] };
      expect(refused.map(({ reason }) => reason)).toEqual([
        `the placeholder $text can't be resolved: 'https://git.example/acme/other/src/branch/main/words.txt' is not in the repository of '${web}/other.yaml', the only one that its placeholders may read. Put the file there.`,
      ]);
    });
  });

  it('may have nothing where they are optional', async () => {
    await place.write({
      'repository/all.yaml': [
        entity('Location', 'all', { targets: ['./gone.yaml'], presence: 'optional' }),
        entity('Location', 'some', { targets: ['./lost.yaml'] }),
      ],
    });
    const { request } = await start([{ target: `${web}/all.yaml` }]);
    await eventually(async () => {
      const { refused } = (await request('/.greenroom/ingestion')).body as { refused: IngestionRefusal[] };
      expect(refused.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
        expect.stringMatching(/^3: .*lost\.yaml/),
      ]);
    });
  });
});
