/** Who is told of alerts, as operators declare it: the same in a file and in the room that sends. */
import type { Secret } from './secret.ts';

export interface AlertSettings {
  readonly webhooks: readonly WebhookSettings[];
  readonly slack: readonly HookSettings[];
  readonly email?: EmailSettings;
}

export interface HookSettings {
  /** The address is often the secret itself: it is shown nowhere. */
  readonly url: Secret;
  /** Also addresses of this machine and its network, and plain HTTP to them. */
  readonly allowPrivate: boolean;
}

export interface WebhookSettings extends HookSettings {
  /** Signs what is sent: `whsec_` and base64, or any text. */
  readonly secret: Secret;
}

export interface EmailSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit` from the first byte, `starttls` or nothing is sent, `none` = in the clear. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly login?: { readonly user: string; readonly password: Secret };
  readonly from: string;
  readonly to: readonly string[];
}

export const noAlertSettings: AlertSettings = { webhooks: [], slack: [] };
