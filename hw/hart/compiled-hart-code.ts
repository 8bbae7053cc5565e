import {
  CODE_PAGES,
  codeAreaBytes,
  CompiledCode,
  GUARDED_PAGES_BYTES,
  MOST_COVERED,
  usualLimits,
} from '../engine/index.ts';
import type { MachineMemory } from '../kernel/index.ts';
import {
  CompiledTiming,
  type MemoryModel,
  rememberedBytes,
  StagesTiming,
} from '../timing/index.ts';
import { Decoder } from './decode-cache.ts';
import { hartLayout, type HartOptions, instructionAlignmentOf } from './hart-options.ts';

/** The area of the machine's memory in which `compiledCodeFor` keeps decoded code. */
export const codeArea = 'code';

/** Bytes of that area. */
export function codeMemoryBytes({ selection }: Pick<HartOptions, 'selection'>): number {
  return GUARDED_PAGES_BYTES + codeAreaBytes(CODE_PAGES, instructionAlignmentOf(selection));
}

/** The area of the machine's memory in which a hart's core in stages keeps where it has been. */
export function pathArea(hart: number): { readonly name: string; readonly bytes: number } {
  return { name: `paths.${String(hart)}`, bytes: rememberedBytes() };
}

/** What the generated code of harts depends on. */
export interface CompiledOptions extends Pick<HartOptions, 'selection' | 'timing' | 'pipeline'> {
  /** The caches, if any are modelled. */
  readonly caches: MemoryModel | undefined;
}

/** The code for accesses to caches, if the filter has room for all of their lines. */
function accessOf(caches: MemoryModel | undefined): MemoryModel['accessCode'] {
  const places = caches?.cores[0]?.data.placeCount ?? 0;
  return places <= MOST_COVERED ? caches?.accessCode : undefined;
}

/** The generated code that all harts with these options share. */
export function compiledCodeFor(
  { selection, timing, pipeline, caches }: CompiledOptions,
  memory: MachineMemory,
  engine: 'interpreter' | 'translator',
  limits = usualLimits,
): CompiledCode {
  const decoder = new Decoder(selection);
  const inStages = pipeline === 'stages';
  return new CompiledCode({
    memory,
    area: memory.area(codeArea),
    instructionAlignment: instructionAlignmentOf(selection),
    selection,
    timing: inStages
      ? new StagesTiming(timing, hartLayout(timing).core)
      : new CompiledTiming(timing, hartLayout(timing).pipeline, caches !== undefined),
    cachedAccess: accessOf(caches),
    translation: engine === 'translator' ? limits : undefined,
    decode: (word) => decoder.decode(word),
  });
}
