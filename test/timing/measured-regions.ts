/** Code whose cycles a program measures, and the name under which it reports them. */
export interface MeasuredCode {
  readonly name: string;
  /** Assembly that leaves alone `s1`, `s2` and `s8` to `s11`; `s0` points to memory, and there is a function `leaf`. */
  readonly body: string;
}

/**
 * A program that executes each region three times, so that code and data are in the caches, and tells the device of
 * `rocket-rtl.yaml` what the last time took.
 */
export function measuringProgram(regions: readonly MeasuredCode[]): string {
  return [
    'la s0, buffer\nlui s1, 0x54000',
    ...regions.map(({ body }, index) => measured(body, String(index))),
    'sd zero, 0x50(s1)\nend: j end\nleaf: ret\n.align 6\nbuffer: .dword 0\n.dword 0',
    ...regions.map(({ name }, index) => `name${String(index)}:\n${text(name)}`),
  ].join('\n');
}

function measured(body: string, number: string): string {
  return `
  li    s2, 3
  j     again${number}
  .align 6
again${number}:
  fence
  csrr  s8, minstret
  csrr  s9, mcycle
  ${body}
  csrr  s10, mcycle
  csrr  s11, minstret
  addi  s2, s2, -1
  bnez  s2, again${number}
  sub   s10, s10, s9
  sub   s11, s11, s8
  la    t0, name${number}
  sd    t0, 0x20(s1)
  sd    s10, 0x28(s1)
  sd    s11, 0x30(s1)`;
}

/** A text with its final zero. */
function text(name: string): string {
  return Array.from(Buffer.from(`${name}\0`), (byte) => `.byte ${String(byte)}`).join('\n');
}
