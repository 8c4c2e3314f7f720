/** Spellings of one model: with a vendor's date, or as Amazon Bedrock hangs regions, revisions and ARNs on it. */

/**
 * The id without the date a vendor hangs on it (`-20250929`, `-2024-08-06`, `@20250929`, `-latest`). Nothing
 * looser: a model that merely begins alike has a price of its own.
 */
export function undated(modelId: string): string {
  const match = /^(.+?)(?:[-@](\d{4})-?(\d{2})-?(\d{2})|-latest)$/.exec(modelId);
  if (!match) return modelId;
  if (match[2] === undefined) return match[1]!;
  const [year, month, day] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const isDate = year >= 2020 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate ? match[1]! : modelId;
}

/** `us.`, `us-gov.`, `eu.`, `jp.`, …: an inference profile of one part of the world. No maker's name is so short. */
const REGION = /^(?:[a-z]{2}(?:-gov)?|apac)\./;

/**
 * Names that Bedrock's prices may be filed under for this id or ARN, best first: `global.` has prices of its own;
 * every part of the world costs the same.
 */
export function bedrockNames(modelId: string): string[] {
  const name = modelId.startsWith('arn:') ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
  const bare = name
    .replace(/(:\d+k?)+$/, '')
    .replace(/-v\d+$/, '')
    .replace(REGION, '');
  // Where no global price is known the dearer one stands: a cost may be stated too high but not too low.
  return bare.startsWith('global.') ? [bare, bare.slice('global.'.length)] : [bare];
}
