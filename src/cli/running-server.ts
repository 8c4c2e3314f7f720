/** What `turnpike serve` holds in hand once the server listens. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Only when this start made the installation. */
  readonly firstStart?: {
    readonly key: string;
    /** Makes whoever follows it the owner; absent where the key was chosen by hand. */
    readonly ownerLink?: string;
  };
  /** Declared providers that are left out, and why. */
  readonly problems: readonly string[];
  /** Reads the configuration files now; what comes of it is logged. Never rejects. */
  reload?(): Promise<void>;
  /** Lets what is open finish, makes the ledger durable, and closes. */
  close(): Promise<void>;
}
