/** The door of the sandbox: what other rooms, the fake upstream and the bench use of it. */
export {
  createSandboxEngine,
  DIRECTIVE_HEADER,
  type SandboxEngine,
  type SandboxOptions,
} from './engine.ts';
export { type SandboxModel, sandboxModels } from './models.ts';
export { type Listener, type Playback, play } from './player.ts';
export { createScheduler, type Scheduler, systemWait, type Wait } from './scheduler.ts';
export { type Answer, piecesOf, type SandboxRequest, type Script } from './script.ts';
export { createSandboxTransport, type SandboxTransportOptions } from './transport.ts';
