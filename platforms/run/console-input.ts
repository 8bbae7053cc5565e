import type { Machine } from '../machine.ts';

/** The action of devices that take what is typed at a console. */
const receive = 'receive';

/** Types bytes at the first console of a machine, where they wait until software reads them; false when no device takes them. */
export function typeIn({ circuit }: Machine, bytes: Uint8Array): boolean {
  const console = circuit.components.find(({ definition: { actions = {} } }) => {
    return Object.hasOwn(actions, receive);
  });
  if (console === undefined) return false;
  for (const byte of bytes) console.act(receive, byte);
  return true;
}
