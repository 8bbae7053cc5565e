import { onPostedNotification } from '../dv-driver/notification.ts';
import { Hart } from './hart.ts';
import { onDiskInterrupt } from './disk.ts';
import { diskSource, postedSource } from './machine.ts';
import { claimSource, completeSource } from './plic.ts';

/** Serves every external interrupt that is pending for this hart. */
export function onExternalInterrupt(hart: Hart): void {
  while (true) {
    const source = claimSource(hart.id);
    if (source == 0) return;
    if (source == postedSource) onPostedNotification(hart);
    else if (source == diskSource) onDiskInterrupt(hart);
    completeSource(hart.id, source);
  }
}
