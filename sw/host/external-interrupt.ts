import { onPostedNotification } from '../dv-driver/notification.ts';
import { Hart } from './hart.ts';
import { onConsoleInterrupt } from './console-input.ts';
import { onDiskInterrupt } from './disk.ts';
import { consoleSource, diskSource, postedSource } from './machine.ts';
import { onNicInterrupt } from './network/network.ts';
import { nicOfSource } from './network/nic.ts';
import { claimSource, completeSource } from './plic.ts';

function onNicSource(hart: Hart, source: u32): void {
  const nic = nicOfSource(source);
  if (nic !== null) onNicInterrupt(hart, nic);
}

/** Serves every external interrupt that is pending for this hart. */
export function onExternalInterrupt(hart: Hart): void {
  while (true) {
    const source = claimSource(hart.id);
    if (source == 0) return;
    if (source == postedSource) onPostedNotification(hart);
    else if (source == diskSource) onDiskInterrupt(hart);
    else if (source == consoleSource) onConsoleInterrupt(hart);
    else onNicSource(hart, source);
    completeSource(hart.id, source);
  }
}
