// Peer Nest: a plugin is a dynamic module with its three services and a provider that has them injected and an onModuleInit.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

/** Starts `size` plugins. Returns the milliseconds from everything declared to every init awaited. Each init calls `onInit`. */
export async function startNest(size, onInit) {
  const modules = Array.from({ length: size }, () => ({
    // One class per plugin, as in a real Nest application, which identifies modules by their class.
    module: function Plugin() {},
    providers: [
      { provide: 'a', useFactory: () => ({}) },
      { provide: 'b', useFactory: () => ({}) },
      { provide: 'c', useFactory: () => ({}) },
      {
        provide: 'plugin',
        inject: ['a', 'b', 'c'],
        useFactory: (a, b, c) => ({
          async onModuleInit() {
            onInit({ a, b, c });
          },
        }),
      },
    ],
  }));
  const application = { module: function Application() {}, imports: modules };
  const begin = performance.now();
  await NestFactory.createApplicationContext(application, { logger: false });
  return performance.now() - begin;
}
