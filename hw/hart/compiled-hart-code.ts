import { CODE_PAGES, codeAreaBytes, CompiledCode, usualLimits } from '../engine/index.ts';
import type { MachineMemory } from '../kernel/index.ts';
import { CompiledTiming, rememberedBytes, StagesTiming } from '../timing/index.ts';
import { Decoder } from './decode-cache.ts';
import { hartLayout, type HartOptions, instructionAlignmentOf } from './hart-options.ts';

/** The area of the machine's memory in which `compiledCodeFor` keeps decoded code. */
export const codeArea = 'code';

/** Bytes of that area. */
export function codeMemoryBytes({ selection }: Pick<HartOptions, 'selection'>): number {
  return codeAreaBytes(CODE_PAGES, instructionAlignmentOf(selection));
}

/** The area of the machine's memory in which a hart's core in stages keeps where it has been. */
export function pathArea(hart: number): { readonly name: string; readonly bytes: number } {
  return { name: `paths.${String(hart)}`, bytes: rememberedBytes() };
}

/** What the generated code of harts depends on. */
export interface CompiledOptions extends Pick<HartOptions, 'selection' | 'timing' | 'pipeline'> {
  /** Whether caches are modelled. */
  readonly hasCaches: boolean;
}

/** The generated code that all harts with these options share. */
export function compiledCodeFor(
  { selection, timing, pipeline, hasCaches }: CompiledOptions,
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
      : new CompiledTiming(timing, hartLayout(timing).pipeline, hasCaches),
    translation: engine === 'translator' ? limits : undefined,
    decode: (word) => decoder.decode(word),
  });
}
