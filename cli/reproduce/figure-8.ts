import type { ComparisonFigure } from './comparison.ts';

const mebibyte = 0x10_0000;
const withoutDvExt = ['harts.dvExt.profile=none'];
const withoutPmc = ['harts.dvExt.pmc.kind=none'];

/** What switching the registers of DV-Ext costs an in-kernel hypervisor; `evaluation 4`. */
export const figure8: ComparisonFigure = {
  name: 'fig8',
  title: 'Figure 8: an in-kernel hypervisor that also switches the registers of DV-Ext',
  sides: [
    { name: 'kvm', stack: 'kvm', set: withoutDvExt },
    { name: 'kvm-dvext', stack: 'kvm-dvext', set: withoutPmc },
  ],
  guest: 'applications',
  platform: 'duvisor-8hart',
  devices: 'net',
  size: 30,
  quickSize: 4,
  sizeUnit: 'units of work',
  memory: () => 16 * mebibyte,
  unit: 'the application',
  unitCount: () => 1,
  operations: [
    { name: 'stream', title: 'stream of frames (Netperf)', vcpus: 1, paperPercent: 2.56 },
    { name: 'stream', title: 'stream of frames (Netperf)', vcpus: 2, paperPercent: -2.24 },
    { name: 'stream', title: 'stream of frames (Netperf)', vcpus: 4, paperPercent: 0.52 },
    { name: 'store', title: 'key-value store (Memcached)', vcpus: 1, paperPercent: 0.82 },
    { name: 'store', title: 'key-value store (Memcached)', vcpus: 2, paperPercent: -2.44 },
    { name: 'store', title: 'key-value store (Memcached)', vcpus: 4, paperPercent: 4.22 },
    { name: 'messages', title: 'messages (Hackbench)', vcpus: 2, paperPercent: -1.34 },
    { name: 'messages', title: 'messages (Hackbench)', vcpus: 4, paperPercent: 2.4 },
    { name: 'prime', title: 'primes (CPUPrime)', vcpus: 1, paperPercent: 0.04 },
    { name: 'prime', title: 'primes (CPUPrime)', vcpus: 2, paperPercent: 0.06 },
    { name: 'prime', title: 'primes (CPUPrime)', vcpus: 4, paperPercent: 0.04 },
  ],
};
