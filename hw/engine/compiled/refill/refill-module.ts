import { compile, ModuleWriter, type WasmModule } from '../../../wasm/index.ts';
import { fillType } from '../line-filter-code.ts';
import { dropPageCode } from '../line-filter-drop.ts';
import { CachedRefillCode, type CachedRefillSettings } from './cached-refill-code.ts';
import { findEntryCode } from './find-entry-code.ts';
import { findPathCode } from './path-code.ts';
import { RefillCode } from './refill-code.ts';

const modules = new Map<number, WasmModule>();

/** The module whose `fill` generated code calls, over a memory of so many pages; it imports the hart's own as `miss`. */
export function refillModule(memoryPages: number): WasmModule {
  let module = modules.get(memoryPages);
  if (module === undefined) {
    module = compile(bytesOf(memoryPages));
    modules.set(memoryPages, module);
  }
  return module;
}

/** The same where caches are modelled. */
export function cachedRefillModule(
  memoryPages: number,
  settings: Omit<CachedRefillSettings, 'miss'>,
): WasmModule {
  const module = new ModuleWriter();
  module.importMemory('memory', memoryPages);
  const miss = module.importFunction('miss', fillType);
  module.addFunction(new CachedRefillCode({ ...settings, miss }).function(), ['i32'], 'fill');
  return compile(module.toBytes());
}

function bytesOf(memoryPages: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  module.importMemory('memory', memoryPages);
  const miss = module.importFunction('miss', fillType);
  const result = ['i32'] as const;
  const findEntry = module.addFunction(findEntryCode(), result);
  const findPath = module.addFunction(findPathCode(), result);
  const dropPage = module.addFunction(dropPageCode(), result);
  const code = new RefillCode({ miss, findEntry, findPath, dropPage }).function();
  module.addFunction(code, result, 'fill');
  return module.toBytes();
}
