import * as compilerModule from 'assemblyscript';
import { libraryFiles } from 'assemblyscript/asc';
import binaryenModule from 'assemblyscript/binaryen';

/**
 * The part of the AssemblyScript compiler's programming interface that the front end uses. Targeting wasm64 this way is
 * unofficial, which is why package-lock pins the version and the tests cover every call.
 */
export interface AssemblyScriptCompiler {
  newOptions(): CompilerOptions;
  setTarget(options: CompilerOptions, target: number): void;
  setRuntime(options: CompilerOptions, runtime: number): void;
  setNoAssert(options: CompilerOptions, isOn: boolean): void;
  setDebugInfo(options: CompilerOptions, isOn: boolean): void;
  setSourceMap(options: CompilerOptions, isOn: boolean): void;
  setMemoryBase(options: CompilerOptions, address: number): void;
  setFeature(options: CompilerOptions, feature: number, isOn: boolean): void;
  setExportTable(options: CompilerOptions, isOn: boolean): void;
  setOptimizeLevelHints(options: CompilerOptions, level: number, shrink: number): void;
  newProgram(options: CompilerOptions): Program;
  parse(program: Program, text: string | null, path: string, isEntry: boolean): void;
  nextFile(program: Program): string | null;
  nextDiagnostic(program: Program): Diagnostic | null;
  formatDiagnostic(diagnostic: Diagnostic, useColors: boolean, showContext: boolean): string;
  isError(diagnostic: Diagnostic): boolean;
  initializeProgram(program: Program): void;
  compile(program: Program): CompiledModule;
  getBinaryenModuleRef(module: CompiledModule): number;
  readonly FEATURE_BULK_MEMORY: number;
  readonly Target: { readonly Wasm64: number };
  readonly Runtime: { readonly Stub: number };
  readonly ElementKind: { readonly ClassPrototype: number };
}

declare const optionsBrand: unique symbol;
declare const moduleBrand: unique symbol;

/** Settings of one compilation, opaque to us. */
export interface CompilerOptions {
  readonly [optionsBrand]: true;
}
/** The compiler's result, opaque to us. */
export interface CompiledModule {
  readonly [moduleBrand]: true;
}

/** A message of the compiler with the place it is about. */
export interface Diagnostic {
  readonly message: string;
  readonly code: number;
  readonly range: {
    readonly start: number;
    readonly source: {
      readonly normalizedPath: string;
      lineAt(position: number): number;
      columnAt(): number;
    };
  } | null;
}

/** A class as the compiler laid it out. */
export interface ClassElement {
  readonly nextMemoryOffset: number;
  readonly members: ReadonlyMap<
    string,
    { readonly instance?: { readonly isField?: boolean; readonly memoryOffset: number } | null }
  > | null;
}

/** The compiler's view of a whole program. */
export interface Program {
  readonly elementsByName: ReadonlyMap<string, { readonly kind: number }>;
  readonly resolver: {
    resolveClass(prototype: unknown, typeArguments: null): ClassElement | null;
  };
}

/** The AssemblyScript compiler. */
export const assemblyScript = compilerModule as unknown as AssemblyScriptCompiler;

/** Sources of the standard library by name without extension. */
export const standardLibrary = libraryFiles as Readonly<Record<string, string>>;

/** A WebAssembly module in Binaryen's representation. */
export interface BinaryenModule {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(segment: number): { readonly offset: unknown; readonly data: ArrayBuffer };
  getNumGlobals(): number;
  getGlobalByIndex(index: number): number;
  removeExport(name: string): void;
  setMemory(
    initial: number,
    maximum: number,
    exportName: string,
    segments: readonly never[],
    isShared: boolean,
    isMemory64: boolean,
    name: string,
  ): void;
  getFeatures(): number;
  setFeatures(features: number): void;
  validate(): number;
  optimize(): void;
  runPasses(passes: readonly string[]): void;
  emitBinary(sourceMapUrl: string): { readonly binary: Uint8Array; readonly sourceMap: string };
  dispose(): void;
}

/** The part of Binaryen that the front end uses. */
export interface Binaryen {
  wrapModule(reference: number): BinaryenModule;
  getGlobalInfo(global: number): { readonly name: string; readonly init: number };
  getExpressionInfo(expression: number): { readonly value?: unknown };
  setOptimizeLevel(level: number): void;
  setShrinkLevel(level: number): void;
  setDebugInfo(isOn: boolean): void;
  setTrapsNeverHappen(isOn: boolean): void;
  setFlexibleInlineMaxSize(size: number): void;
  setOneCallerInlineMaxSize(size: number): void;
  setAlwaysInlineMaxSize(size: number): void;
  readonly Features: {
    readonly Memory64: number;
    readonly SignExt: number;
    readonly MutableGlobals: number;
  };
}

/** The optimiser that AssemblyScript brings along. */
export const binaryen = binaryenModule as unknown as Binaryen;
