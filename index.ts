export * from './platforms/index.ts';
