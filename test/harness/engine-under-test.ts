/** What executes plain instructions in a test machine that does not say. */
export type EngineName = 'oracle' | 'interpreter' | 'translator';

let chosen: EngineName = 'oracle';

/** Lets the tests that are loaded from now on run on an engine. */
export function useEngine(engine: EngineName): void {
  chosen = engine;
}

/** The engine that tests run on. */
export function engineUnderTest(): EngineName {
  return chosen;
}
