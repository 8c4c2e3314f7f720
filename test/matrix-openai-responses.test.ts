/** The matrix of clients and upstream formats, row openai-responses: the vendor's official client in every cell. */
import { drivers } from './support/drivers/index.ts';
import { describeClient } from './support/scenarios/client-suite.ts';

describeClient(drivers['openai-responses']);
