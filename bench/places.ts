/** Folders of the bench. Everything it makes is below `.cache`, which git ignores. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = dirname(HERE);
export const CACHE = `${HERE}/.cache`;
