import { codeAreaBytes, CompiledCode, usualLimits } from '../engine/index.ts';
import type { MachineMemory } from '../kernel/index.ts';
import { CompiledTiming, rememberedBytes, StagesTiming } from '../timing/index.ts';
import { Decoder } from './decode-cache.ts';
import { hartLayout, type HartOptions, instructionAlignmentOf } from './hart-options.ts';

/** Pages of code that are kept decoded; more of them are decoded again and again. */
const CODE_PAGES = 512;

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

/** The generated code that all harts with these options share. */
export function compiledCodeFor(
  { selection, timing, pipeline }: Pick<HartOptions, 'selection' | 'timing' | 'pipeline'>,
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
      : new CompiledTiming(timing, hartLayout(timing).pipeline),
    translation: engine === 'translator' ? limits : undefined,
    decode: (word) => decoder.decode(word),
  });
}
