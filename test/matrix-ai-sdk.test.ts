/** The matrix of clients and upstream formats: the Vercel AI SDK with five of its providers. */
import { formatOf } from '../src/wire/formats.ts';
import { aiSdkDrivers } from './support/drivers/ai-sdk.ts';
import { describeBroadly } from './support/scenarios/broad-suite.ts';

describeBroadly(aiSdkDrivers.filter(({ format }) => formatOf(format)));
