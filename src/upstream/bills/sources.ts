/** Whose bills can be fetched: providers whose kind has a reporting API, and an admin key to read it with. */
import { Secret } from '../../base/secret.ts';
import type { Environment } from '../provider.ts';
import type { BillSource, BillVendor } from './bill.ts';

/** What the operator declared that bills are about. */
export interface DeclaredBill {
  readonly name: string;
  readonly kind?: string;
  readonly adminKey?: Secret;
  readonly billUrl?: string;
  readonly billScope?: string;
}

interface Vendor {
  readonly id: BillVendor;
  readonly baseUrl: string;
  /** May hold the admin key of the provider of the kind's own name; it comes before the file, as keys do. */
  readonly variable: string;
  readonly hasScope: boolean;
}

const vendors: readonly Vendor[] = [
  {
    id: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    variable: 'ANTHROPIC_ADMIN_KEY',
    hasScope: true,
  },
  { id: 'openai', baseUrl: 'https://api.openai.com/v1', variable: 'OPENAI_ADMIN_KEY', hasScope: true },
  {
    id: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    variable: 'OPENROUTER_PROVISIONING_KEY',
    hasScope: false,
  },
];

export interface BillSources {
  readonly sources: readonly BillSource[];
  /** What is declared and cannot be used, in sentences. */
  readonly problems: readonly string[];
}

/** Declared providers first, then those whose admin key alone is in the environment. Nothing is thrown. */
export function findBillSources(declared: readonly DeclaredBill[], env: Environment): BillSources {
  const sources: BillSource[] = [];
  const problems: string[] = [];
  const undeclared = vendors
    .filter(({ id }) => !declared.some(({ name }) => name === id))
    .map(({ id }): DeclaredBill => ({ name: id }));
  for (const row of [...declared, ...undeclared]) {
    const found = readSource(row, env);
    if (typeof found === 'string') problems.push(`providers.${row.name}: ${found}`);
    else if (found) sources.push(found);
  }
  return { sources, problems };
}

/** A text says what is wrong; undefined = no bill is asked for. */
function readSource(row: DeclaredBill, env: Environment): BillSource | string | undefined {
  const kind = row.kind ?? row.name;
  const vendor = vendors.find(({ id }) => id === kind);
  if (!vendor) {
    return row.adminKey && `admin_key has no use: bills of the kind ${kind} cannot be fetched`;
  }
  const fromEnv = row.name === vendor.id ? env[vendor.variable]?.trim() : undefined;
  const key = fromEnv ? new Secret(fromEnv) : row.adminKey;
  if (!key) return undefined;
  const baseUrl = (row.billUrl ?? vendor.baseUrl).replace(/\/+$/, '');
  const problem = urlProblem(baseUrl);
  if (problem !== undefined) return problem;
  if (row.billScope !== undefined && !vendor.hasScope) return `bill_scope has no use for the kind ${kind}`;
  return { provider: row.name, vendor: vendor.id, baseUrl, key, scope: row.billScope };
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** An admin key reads the whole organization: it does not go over an open line. */
function urlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'bill_url must be an https URL';
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return 'bill_url must be https';
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return 'bill_url must be an address and a path, nothing more';
  }
  return undefined;
}
