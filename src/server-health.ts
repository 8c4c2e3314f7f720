/** What this installation knows of its deployments' health. */
import type { Clock } from './base/clock.ts';
import { createBoard } from './health/board.ts';
import type { HealthBoard } from './health/health.ts';

export interface HealthInput {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

export interface Health {
  readonly board: HealthBoard;
}

export function openHealth({ clock, random = Math.random }: HealthInput): Health {
  return { board: createBoard({ clock, random }) };
}
