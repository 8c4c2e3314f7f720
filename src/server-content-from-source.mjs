// Starts server-content-worker.ts in a checkout that is not built: a new thread of Node 20 reads no TypeScript by itself.
import { register } from 'tsx/esm/api';

register();
await import('./server-content-worker.ts');
