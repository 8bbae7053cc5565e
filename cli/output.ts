/** Where a command writes: results for machines and people's files, remarks for the person who waits. */
export interface Output {
  /** Standard output. */
  readonly result: (text: string) => void;
  /** Standard error. */
  readonly remark: (text: string) => void;
  /** True if remarks go to a terminal, where a line may be rewritten in place. */
  readonly isTerminal: boolean;
}

/** The process's own streams. */
export const processOutput: Output = {
  result: (text) => process.stdout.write(text),
  remark: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
};
