import type { SourceFacts } from '../assembly/assembly-function.ts';
import type { WasmModule } from '../wasm/module.ts';
import { readModule } from '../wasm/module-reader.ts';
import { assemblyScript, binaryen, type Program } from './assemblyscript.ts';
import { constantsOf, dataSegmentsOf, type DataSegment } from './data-segments.ts';
import { checkDiagnostics } from './diagnostics.ts';
import { optimiseModule } from './optimise.ts';
import { globalLibraryModules, runtimeModule, SourceFiles } from './source-files.ts';
import { sourceFactsOf } from './source-facts.ts';

/** What the front end makes of an image's sources. */
export interface CompiledSources {
  readonly module: WasmModule;
  /** The module as WebAssembly, without its static data; other engines can run it. */
  readonly binary: Uint8Array;
  readonly data: readonly DataSegment[];
  /** First address behind the static data, areas of `memory.data(bytes)` that hold only zeros included. */
  readonly dataEnd: bigint;
  readonly facts: SourceFacts;
}

/** Sources to compile together. */
export interface SourceSet {
  readonly root: string;
  /** Entry files from the root; their exports are kept. */
  readonly entries: readonly string[];
  /** Address of the first byte of static data. */
  readonly dataBase: bigint;
  /** Sources that no file holds, by path from the root. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** Makes the compiler tell where its static data ends: zeroed areas are in no segment. */
const dataEndProbe = {
  source: 'export function dataEnd(): usize { return __data_end; }',
  path: 'sw/toolchain/front/data-end.ts',
  exported: 'dataEnd',
  global: '~lib/memory/__data_end',
} as const;

function newProgram(dataBase: bigint): Program {
  const options = assemblyScript.newOptions();
  assemblyScript.setTarget(options, assemblyScript.Target.Wasm64);
  assemblyScript.setRuntime(options, assemblyScript.Runtime.Stub);
  assemblyScript.setNoAssert(options, true);
  assemblyScript.setDebugInfo(options, true);
  assemblyScript.setSourceMap(options, true);
  assemblyScript.setMemoryBase(options, Number(dataBase));
  // Without the feature the compiler calls routines of the library, which are ours.
  assemblyScript.setFeature(options, assemblyScript.FEATURE_BULK_MEMORY, false);
  // The optimiser drops a table that nothing calls through, but fn_addr looks functions up in it.
  assemblyScript.setExportTable(options, true);
  assemblyScript.setOptimizeLevelHints(options, 3, 0);
  return assemblyScript.newProgram(options);
}

function parseAll(program: Program, { root, entries, texts }: SourceSet): void {
  const files = new SourceFiles(root, texts);
  for (const name of globalLibraryModules) {
    assemblyScript.parse(program, files.module(`~lib/${name}`), `~lib/${name}.ts`, false);
  }
  const runtime = `~lib/${runtimeModule}`;
  assemblyScript.parse(program, files.module(runtime), `${runtime}.ts`, true);
  for (const entry of entries) assemblyScript.parse(program, files.read(entry), entry, true);
  assemblyScript.parse(program, dataEndProbe.source, dataEndProbe.path, true);
  for (;;) {
    const wanted = assemblyScript.nextFile(program);
    if (wanted === null) break;
    assemblyScript.parse(program, files.module(wanted), `${wanted}.ts`, false);
  }
  checkDiagnostics(program);
}

/** Compiles AssemblyScript sources to an optimised module of functions, and their static data. */
export function compileSources(sources: SourceSet): CompiledSources {
  const program = newProgram(sources.dataBase);
  parseAll(program, sources);
  assemblyScript.initializeProgram(program);
  checkDiagnostics(program);
  const compiled = assemblyScript.compile(program);
  checkDiagnostics(program);
  const module = binaryen.wrapModule(assemblyScript.getBinaryenModuleRef(compiled));
  const data = dataSegmentsOf(module);
  const constants = constantsOf(module);
  const facts = sourceFactsOf(program, constants);
  const dataEnd = constants.get(dataEndProbe.global) ?? sources.dataBase;
  module.removeExport(dataEndProbe.exported);
  optimiseModule(module);
  const { binary, sourceMap } = module.emitBinary('sources');
  module.dispose();
  return { module: readModule(binary, sourceMap), binary, data, dataEnd, facts };
}
