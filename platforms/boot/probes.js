/** The steps of a VM exit that a hypervisor announces with `probe("name")`. */
const probedSteps = {
  dispatch: true,
  handler: true,
  restore: true,
};
/** Lets every hart notice where exit handlers begin a step: at the symbols `probe$step$N`. */
export function markProbes(machine, symbols) {
  for (const { name, address } of symbols.all) {
    const [prefix, step = ''] = name.split('$');
    if (prefix !== 'probe' || !isProbedStep(step)) continue;
    for (const hart of machine.harts) hart.probes.set(Number(address), step);
  }
}
function isProbedStep(step) {
  return Object.hasOwn(probedSteps, step);
}
//# sourceMappingURL=probes.js.map
