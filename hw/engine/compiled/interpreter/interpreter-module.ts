import { ModuleWriter } from '../../../wasm/index.ts';
import { fillType } from '../line-filter-code.ts';
import { TransitionCode } from '../transition/transition-code.ts';
import { regionParameters, regionResults } from '../translator/region-frame.ts';
import { InterpreterFrame, type InterpreterSettings } from './interpreter-frame.ts';
import { commitSite, commitType, performType } from './commit-code.ts';
import { fetchLineType } from './line-code.ts';
import { LoopCode } from './loop-code.ts';

/**
 * The module of an interpreter: `run(hart, cycles, last)` executes plain instructions of the hart whose memory begins at `hart`, or if
 * `last` is not `NO_HART` those of the harts in line from the one to the other, in turns,
 * until the cycles are used up or something else must be done, and says what (`Exit`).
 */
export function interpreterModule(settings: InterpreterSettings): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  module.importMemory('memory', settings.memoryPages);
  const result = ['i32'] as const;
  const fill = module.importFunction('fill', fillType);
  const { inStages, hasCaches } = settings.timing;
  const slow = inStages ? module.importFunction('commit', commitType) : 0;
  const perform = inStages ? module.importFunction('perform', performType) : 0;
  const fetchLine = hasCaches ? module.importFunction('fetchLine', fetchLineType) : 0;
  const region = module.type({ parameters: regionParameters, results: regionResults });
  if (settings.heat !== undefined) module.importTable('regions');
  const learnCode = settings.timing.transfers?.learnCode();
  const learn = learnCode === undefined ? 0 : module.addFunction(learnCode, result, 'learn');
  const commitCode = settings.timing.commitCode?.(commitSite(slow, perform));
  const commit = commitCode === undefined ? 0 : module.addFunction(commitCode, result, 'walk');
  const { heat } = settings;
  const arrivalCode =
    heat === undefined ? undefined : settings.timing.arrivalCode?.(commitSite(slow, perform), heat);
  const arrival =
    arrivalCode === undefined ? 0 : module.addFunction(arrivalCode, result, 'arrival');
  const transitionCode = new TransitionCode(settings).function();
  const transition = module.addFunction(transitionCode, result, 'transition');
  const numbers = { fill, fetchLine, learn, region, commit, arrival, transition };
  const code = new LoopCode(new InterpreterFrame(settings, numbers)).function();
  module.addFunction(code, result, 'run');
  return module.toBytes();
}
