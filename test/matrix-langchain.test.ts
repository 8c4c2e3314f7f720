/** The matrix of clients and upstream formats: LangChain with its packages for five formats. */
import { formatOf } from '../src/wire/formats.ts';
import { langchainDrivers } from './support/drivers/langchain.ts';
import { describeBroadly } from './support/scenarios/broad-suite.ts';

describeBroadly(langchainDrivers.filter(({ format }) => formatOf(format)));
