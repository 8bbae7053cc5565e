/** The label of a hart's own interrupt controller. */
export function interruptControllerLabel(hart: number): string {
  return `cpu${String(hart)}_intc`;
}
