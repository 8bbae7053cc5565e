import { parentPort } from 'node:worker_threads';
import { DvlabError, type Diagnostic } from '../../platforms/index.ts';
import type { FigureStack } from './figure-stacks.ts';
import { measureStack, type MeasureOptions, type StackMeasurement } from './measure-stack.ts';

/** What a thread is asked to measure. */
export interface MeasureRequest {
  readonly stack: FigureStack;
  readonly options: MeasureOptions;
}

/** What it answers: the measurement, or why there is none. */
export type MeasureAnswer =
  | { readonly measurement: StackMeasurement }
  | { readonly refusal: Pick<Diagnostic, 'code' | 'message' | 'help'> };

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };

parentPort?.on('message', (request: MeasureRequest) => {
  void answer(request);
});

async function answer({ stack, options }: MeasureRequest): Promise<void> {
  const value = await measure(stack, options);
  parentPort?.postMessage(value);
}

async function measure(stack: FigureStack, options: MeasureOptions): Promise<MeasureAnswer> {
  try {
    return { measurement: await measureStack(stack, options, silent) };
  } catch (error) {
    if (!(error instanceof DvlabError)) throw error;
    const [first] = error.diagnostics;
    if (first === undefined) throw error;
    // where it stands in a file does not travel between threads; the platform itself was found sound before
    return { refusal: { code: first.code, message: first.message, help: first.help } };
  }
}
