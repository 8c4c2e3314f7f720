/** Made from the routes of the admin API; held equal to them by test/client-doc.test.ts. Not to be changed by hand. */
export interface paths {
    readonly "/api/v1/agents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Agents by name, with when each was last seen and what it spent */
        readonly get: operations["agents.list"];
        readonly put?: never;
        /** Make an agent, with its budgets or not at all */
        readonly post: operations["agents.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One agent by its id or name, with its system prompt and its budgets */
        readonly get: operations["agents.read"];
        readonly put?: never;
        readonly post?: never;
        /** Archive an agent: it counts no more; what was booked for it stays, and so do its budgets */
        readonly delete: operations["agents.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change what is said of an agent; another name is another agent */
        readonly patch: operations["agents.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}/heartbeats": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The newest heartbeats that said something, newest first */
        readonly get: operations["agents.heartbeats.list"];
        readonly put?: never;
        /** The agent is there; with a message it is kept */
        readonly post: operations["agents.heartbeats.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}/model": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** The model that an agent prefers; null = use default. Of an agent that a file declares it is a rule on top */
        readonly put: operations["agents.model.set"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}/tasks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tasks, newest first */
        readonly get: operations["agents.tasks.list"];
        readonly put?: never;
        /** Report a task */
        readonly post: operations["agents.tasks.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}/tasks/{taskId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One task */
        readonly get: operations["agents.tasks.read"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Report how a task goes on; the same report twice changes nothing */
        readonly patch: operations["agents.tasks.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/agents/{id}/tasks/{taskId}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was reported of a task, newest first */
        readonly get: operations["agents.tasks.events.list"];
        readonly put?: never;
        /** Report something of a task */
        readonly post: operations["agents.tasks.events.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/alerts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Alerts of the last thirty days, newest first, with what became of them at each sink */
        readonly get: operations["alerts.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/alerts/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Send a test through every sink now */
        readonly post: operations["alerts.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/aliases": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Aliases of the files and of the workspace */
        readonly get: operations["aliases.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/aliases/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One alias */
        readonly get: operations["aliases.read"];
        /** Declare an alias of the workspace; the one there was is replaced */
        readonly put: operations["aliases.set"];
        readonly post?: never;
        /** Remove an alias of the workspace */
        readonly delete: operations["aliases.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/errors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Errors and latencies by provider or model, most errors first */
        readonly get: operations["analytics.errors.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/overview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One stretch of time: requests, tokens, cost, errors, latencies (default: 30 days) */
        readonly get: operations["analytics.overview.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/projections": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What day, week and month will have cost at their end */
        readonly get: operations["analytics.projections.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Sessions of a stretch of time and what they cost in it (default: 7 days) */
        readonly get: operations["analytics.sessions.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One session in a stretch of time (default: 7 days): its agents and their requests */
        readonly get: operations["analytics.sessions.read"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-agent": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by agent (default: 30 days) */
        readonly get: operations["analytics.spend.by-agent.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-day": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by day (default: 30 days) */
        readonly get: operations["analytics.spend.by-day.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-hour": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by hour (default: today) */
        readonly get: operations["analytics.spend.by-hour.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by key (default: 30 days) */
        readonly get: operations["analytics.spend.by-key.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-member": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by member (default: 30 days) */
        readonly get: operations["analytics.spend.by-member.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-model": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by model (default: 30 days) */
        readonly get: operations["analytics.spend.by-model.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/spend/by-provider": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by provider (default: 30 days) */
        readonly get: operations["analytics.spend.by-provider.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Today, this week and this month, each beside as much of the one before */
        readonly get: operations["analytics.summary.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/analytics/trends": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A stretch of time beside the one before: a period so far, or since and until */
        readonly get: operations["analytics.trends.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who did what in this workspace, newest first */
        readonly get: operations["audit.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Events of this workspace, oldest first, as JSON lines or CSV */
        readonly get: operations["audit.export.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/audit/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Prove the chain of events anew: of this workspace, for operators of every workspace */
        readonly post: operations["audit.verify"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/oidc/{name}/callback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Where an issuer sends the browser back to */
        readonly get: operations["auth.oidc.callback.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/oidc/{name}/start": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Go to an issuer to sign in there */
        readonly get: operations["auth.oidc.start.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Change the own password; all other sessions end */
        readonly post: operations["auth.password"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Replace the password of somebody who has lost it; its sessions end, and its authenticator is off */
        readonly post: operations["auth.reset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who is signed in by this browser */
        readonly get: operations["auth.session.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The caller’s own sessions, newest first */
        readonly get: operations["auth.sessions.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End one of the caller’s own sessions */
        readonly delete: operations["auth.sessions.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/sign-in": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Sign in by password; the answer brings the cookie of a new session */
        readonly post: operations["auth.sign-in"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/sign-out": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** End the session of this browser */
        readonly post: operations["auth.sign-out"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/totp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Begin with an authenticator; it counts when a code of it was verified */
        readonly post: operations["auth.totp"];
        /** Do without an authenticator again */
        readonly delete: operations["auth.totp.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/totp/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Show that the authenticator works; signing in wants a code from then on */
        readonly post: operations["auth.totp.verify"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/auth/ways": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How people can sign in here */
        readonly get: operations["auth.ways.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/budgets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Budgets by name, with their open windows */
        readonly get: operations["budgets.list"];
        readonly put?: never;
        /** Make a budget */
        readonly post: operations["budgets.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/budgets/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One budget, with its open windows */
        readonly get: operations["budgets.read"];
        readonly put?: never;
        readonly post?: never;
        /** Archive a budget: it counts no more, and its windows stay */
        readonly delete: operations["budgets.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change a budget; requests under way are not touched, a new calendar begins with the next window */
        readonly patch: operations["budgets.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Files, revision, and what of the files is not in force, and why */
        readonly get: operations["config.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/config/reload": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Read the files now */
        readonly post: operations["config.reload"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/credentials": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Credentials of all providers in the order of use, masked */
        readonly get: operations["credentials.list"];
        readonly put?: never;
        /** Try a credential against its provider, and seal it in the vault */
        readonly post: operations["credentials.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/credentials/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Remove a credential from the vault, secret and all */
        readonly delete: operations["credentials.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change the share of a credential, or take it out of use and back */
        readonly patch: operations["credentials.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/credentials/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Try credentials against their provider; nothing of it is billed */
        readonly post: operations["credentials.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/events/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Server-sent events of this workspace: exchange, budget, health, task, registry, and for admins audit */
        readonly get: operations["events.live.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/exchanges": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The newest exchanges */
        readonly get: operations["exchanges.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/exchanges/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One exchange with its ledger entries and its decision record */
        readonly get: operations["exchanges.read"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/exchanges/{id}/content": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What an exchange said and was answered, where the workspace has that kept */
        readonly get: operations["exchanges.content.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What this process knows of its providers and deployments, and what has changed lately */
        readonly get: operations["health.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/health/drain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take a provider out of use, or put it back; what runs may end */
        readonly post: operations["health.drain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/health/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Forget what deployments showed: breakers close, limits and disabled credentials are tried again */
        readonly post: operations["health.reset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/installation": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Version, uptime, durability, revision and the state of the ledger */
        readonly get: operations["installation.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invitations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Invitations to the workspace, newest first */
        readonly get: operations["invitations.list"];
        readonly put?: never;
        /** Invite somebody, in the place of an open invitation of the same address; good for seven days */
        readonly post: operations["invitations.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invitations/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Take an invitation back; of one that was accepted nothing changes */
        readonly delete: operations["invitations.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invitations/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Become a member, as who is signed in or as somebody new */
        readonly post: operations["invitations.accept"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invitations/show": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** What the link of an invitation leads to */
        readonly post: operations["invitations.show"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Virtual keys, newest first */
        readonly get: operations["keys.list"];
        readonly put?: never;
        /** Make a virtual key, with budgets and a rate limit of its own */
        readonly post: operations["keys.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One virtual key */
        readonly get: operations["keys.read"];
        readonly put?: never;
        readonly post?: never;
        /** Revoke a virtual key, with all its tokens */
        readonly delete: operations["keys.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change a virtual key; it counts for the next request */
        readonly patch: operations["keys.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/keys/{id}/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Give a virtual key a new token; the old one may work on for a while */
        readonly post: operations["keys.rotate"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every entry of a stretch of time, as CSV or JSON lines */
        readonly get: operations["ledger.export.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/proposals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Proposed adjustments, newest first */
        readonly get: operations["ledger.proposals.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/proposals/{id}/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Book the proposed adjustment, once */
        readonly post: operations["ledger.proposals.accept"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/proposals/{id}/dismiss": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Set the proposal aside */
        readonly post: operations["ledger.proposals.dismiss"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/reconcile": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Compare the ledger with the providers' bills; books nothing */
        readonly post: operations["ledger.reconcile"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/reconciliations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Earlier runs, newest first */
        readonly get: operations["ledger.reconciliations.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/ledger/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Add up the whole ledger anew and compare */
        readonly post: operations["ledger.verify"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/llm/providers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Providers with their models, and the health of both */
        readonly get: operations["llm.providers.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who the caller is, and where it may act */
        readonly get: operations["me.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Change the caller’s own name */
        readonly patch: operations["me.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/me/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All that is held of the caller in this workspace, without secrets */
        readonly get: operations["me.export.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/preferences": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What the caller prefers; null = as the workspace has it */
        readonly get: operations["me.preferences.list"];
        /** Set all of what the caller prefers; what is left out is as the workspace has it */
        readonly put: operations["me.preferences.set"];
        readonly post?: never;
        /** Use the default: in all as the workspace has it */
        readonly delete: operations["me.preferences.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Members of the workspace, by when they came */
        readonly get: operations["members.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/members/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Remove a member; its keys end with it */
        readonly delete: operations["members.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change the role of a member, or suspend it; it counts from its next request */
        readonly patch: operations["members.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/members/{id}/erase": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Remove a member and take away what tells who it was; cannot be undone */
        readonly post: operations["members.erase"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/members/{id}/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** All that is held of a member, without secrets */
        readonly get: operations["members.export.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every model, alias and route that can be asked for */
        readonly get: operations["models.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/owner-link": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** A link that makes its finder the first owner, in the place of the one before; good for a day */
        readonly post: operations["owner-link.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The price list, and the prices that were set beside it */
        readonly get: operations["prices.list"];
        readonly put?: never;
        /** Set a price */
        readonly post: operations["prices.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prices/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** End a price that was set; it stays for what was booked by it */
        readonly delete: operations["prices.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prices/model": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What one model costs now, by service tier, and what it has cost */
        readonly get: operations["prices.model.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prices/refresh": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Read the price list that the configuration names */
        readonly post: operations["prices.refresh"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prices/rerate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Price entries anew and, where asked to, book the differences */
        readonly post: operations["prices.rerate"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/privacy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What is kept of what requests say, and for how long */
        readonly get: operations["privacy.list"];
        /** Say what is kept from now on; what is kept already stays until its time is over */
        readonly put: operations["privacy.set"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/privacy/content": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Shred all that is kept of what requests said; cannot be undone */
        readonly delete: operations["privacy.content.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/prompts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Prompt files, the models they want, and what is wrong with them */
        readonly get: operations["prompts.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/providers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Configured providers */
        readonly get: operations["providers.list"];
        readonly put?: never;
        /** Declare a provider of the workspace; its keys are saved in the vault */
        readonly post: operations["providers.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/providers/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A provider that the workspace declared */
        readonly get: operations["providers.read"];
        readonly put?: never;
        readonly post?: never;
        /** Remove a provider of the workspace, and what the vault holds for it */
        readonly delete: operations["providers.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change a provider of the workspace; its address only while it has no credential */
        readonly patch: operations["providers.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/providers/{name}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Ask a provider, of whatever source, a question that costs nothing */
        readonly post: operations["providers.test"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/rate-limits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Rate limits by scope, with what is used of them now */
        readonly get: operations["rate-limits.list"];
        readonly put?: never;
        /** Make a rate limit; a scope has at most one */
        readonly post: operations["rate-limits.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/rate-limits/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Delete a rate limit: it limits nothing any more */
        readonly delete: operations["rate-limits.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Change a rate limit; what is used of it stays used */
        readonly patch: operations["rate-limits.change"];
        readonly trace?: never;
    };
    readonly "/api/v1/routes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Routes of the files and of the workspace */
        readonly get: operations["routes.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routes/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One route */
        readonly get: operations["routes.read"];
        /** Declare a route of the workspace; the one there was is replaced */
        readonly put: operations["routes.set"];
        readonly post?: never;
        /** Remove a route of the workspace */
        readonly delete: operations["routes.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/cheapest": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The cheapest reachable models for a need, with what one request would cost */
        readonly get: operations["routing.cheapest.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Everything that decides which model answers, with the source of each value */
        readonly get: operations["routing.config.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Which model a request would get, why, and who would be asked; nothing is sent */
        readonly post: operations["routing.explain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/fallback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether others may answer, and who would for a model */
        readonly get: operations["routing.fallback.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/fallback-chain/{model}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The fallback chain of a model */
        readonly get: operations["routing.fallback-chain.read"];
        /** Set the fallback chain of a model, whoever serves it */
        readonly put: operations["routing.fallback-chain.set"];
        readonly post?: never;
        /** Take away the chain that was set; what files say, or what is built in, holds again */
        readonly delete: operations["routing.fallback-chain.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/fallback-chains": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every fallback chain: set here, of files, and built in */
        readonly get: operations["routing.fallback-chains.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The model of every prompt that any layer speaks of, and which layer says so */
        readonly get: operations["routing.rules.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/routing/rules/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The model of one prompt, of a kind (agent:*), or of what names none (default) */
        readonly get: operations["routing.rules.read"];
        /** Set the model of a prompt */
        readonly put: operations["routing.rules.set"];
        readonly post?: never;
        /** Take away what was set of a prompt; what files say of it stays */
        readonly delete: operations["routing.rules.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Tokens and cost by model, provider, key, agent, member, day or session */
        readonly get: operations["usage.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/vault": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Where the vault stands: its master key by name, the last change of it, the recovery key */
        readonly get: operations["vault.list"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/vault/forget": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take out what no master key at hand opens; cannot be undone */
        readonly post: operations["vault.forget"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/vault/recover": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Set a new master key in place of a lost one */
        readonly post: operations["vault.recover"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/vault/recovery-key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Make a recovery key in place of the one there was; it is shown this once */
        readonly post: operations["vault.recovery-key"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/vault/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Have another master key take over; answers when every row is its own */
        readonly post: operations["vault.rotate"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The workspaces the caller may act in, the one used last first; for operators all */
        readonly get: operations["workspaces.list"];
        readonly put?: never;
        /** Make a workspace; a person who does so owns it */
        readonly post: operations["workspaces.create"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Delete a workspace; its keys end, its books stay */
        readonly delete: operations["workspaces.remove"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Take a suspended workspace back into use */
        readonly post: operations["workspaces.resume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{id}/suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Let nobody into a workspace, and refuse its keys */
        readonly post: operations["workspaces.suspend"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/current": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The workspace that this request acts in */
        readonly get: operations["workspaces.current.list"];
        readonly put?: never;
        readonly post?: never;
        /** Delete the workspace that this request acts in; its keys end, its books stay */
        readonly delete: operations["workspaces.current.remove"];
        readonly options?: never;
        readonly head?: never;
        /** Give the workspace that this request acts in another name */
        readonly patch: operations["workspaces.current.change"];
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly AcceptInvitation: {
            /**
             * Format: email
             * @description Only where the invitation names none
             * @example ada@example.com
             */
            readonly email?: string;
            readonly name?: string;
            readonly password?: string;
            /** @description As it stands in the link */
            readonly token: string;
        };
        readonly Agent: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly archivedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string | null;
            readonly createdBy: string | null;
            readonly description: string | null;
            /** @description Where it is declared */
            readonly file: string | null;
            /**
             * @description Of an agent that a file declares its name
             * @example agt_01k9…
             */
            readonly id: string;
            /**
             * @description Its last heartbeat or booked request; requests of more than an hour ago to the hour, of more than a month ago to the day
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly lastSeenAt: string | null;
            /** @description For a request of it that names no model; null = none is named anywhere */
            readonly model: {
                /** @enum {string} */
                readonly layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                readonly ref: string;
                readonly source: string;
            } | null;
            readonly name: string;
            /** @description null = use default */
            readonly preferredModel: string | null;
            /** @description Why that model leads nowhere; null = it leads somewhere */
            readonly problem: string | null;
            /** @enum {string} */
            readonly source: "file" | "registry";
            /** @description Of everything that was booked under its name; months are those of UTC */
            readonly spend: {
                readonly monthRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly monthUsd: string;
                readonly totalRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly totalUsd: string;
                /** @description Requests of unknown price; they are not in the sums */
                readonly unpriced: number;
            };
            /**
             * @description online: seen within 90 seconds; idle: within 15 minutes
             * @enum {string}
             */
            readonly state: "online" | "idle" | "offline";
        };
        readonly AgentChange: {
            readonly description?: string | null;
            /** @description What `turnpike ask --agent` puts above a question */
            readonly systemPrompt?: string | null;
        };
        readonly AgentEvent: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly at: string;
            /** @example tev_01k9… */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "note" | "progress" | "tool" | "warning" | "error" | "heartbeat" | "state";
            readonly message: string | null;
        };
        readonly AgentEventList: {
            readonly events: readonly components["schemas"]["AgentEvent"][];
            /** @description The `after` of the next page; null = this is the last */
            readonly next: string | null;
        };
        readonly AgentList: {
            readonly agents: readonly components["schemas"]["Agent"][];
            /** @description The `after` of the next page; null = this is the last */
            readonly next: string | null;
        };
        readonly AgentModel: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /**
             * @description null = use default: whatever the layers below say
             * @example openai/gpt-4o
             */
            readonly model: string | null;
        };
        readonly Alert: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly at: string;
            /** @description As webhooks carry it, without the projection */
            readonly data: {
                readonly [key: string]: unknown;
            };
            readonly deliveries: readonly components["schemas"]["AlertDelivery"][];
            /** @description Dedupe key: the webhook-id of its webhooks */
            readonly id: string;
            readonly isDone: boolean;
            readonly title: string;
            /** @example budget.threshold */
            readonly topic: string;
        };
        readonly AlertDelivery: {
            readonly attempts: number;
            readonly lastError: string | null;
            /**
             * @description When it is tried again
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly nextAt: string | null;
            /** @example webhook:hooks.example.com:1f6b2a90 */
            readonly sink: string;
            /** @enum {string} */
            readonly state: "waiting" | "failing" | "taken" | "given_up";
            /** @example 2026-11-01T12:00:00.000Z */
            readonly takenAt: string | null;
        };
        readonly AlertList: {
            readonly alerts: readonly components["schemas"]["Alert"][];
            /** @description The `after` of the next page; null = this is the last */
            readonly next: string | null;
        };
        readonly AlertTest: {
            readonly sinks: readonly {
                readonly isTaken: boolean;
                /** @example answered 204 */
                readonly said: string;
                readonly sink: string;
                readonly tookMs: number;
            }[];
        };
        readonly Alias: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly changedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string | null;
            readonly createdBy: string | null;
            /** @description The file that declares it */
            readonly file: string | null;
            readonly name: string;
            /** @description Why it leads nowhere now; null = it leads somewhere */
            readonly problem: string | null;
            readonly ref: string;
            /**
             * @description registry = through this API
             * @enum {string}
             */
            readonly source: "file" | "registry";
        };
        readonly AliasList: {
            readonly aliases: readonly components["schemas"]["Alias"][];
        };
        readonly AuditEvent: {
            /** @example budgets.create */
            readonly action: string;
            readonly actor: {
                readonly address: string | null;
                /**
                 * @description Empty = nobody who is known
                 * @example mem_01k9…
                 */
                readonly id: string;
                readonly name: string;
                readonly role: string | null;
                /** @example session */
                readonly via: string;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            readonly at: string;
            /** @description The request, and what it changed; secrets are left out */
            readonly detail: {
                readonly [key: string]: unknown;
            };
            readonly hash: string | null;
            /** @example aud_01k9… */
            readonly id: string;
            /** @enum {string} */
            readonly outcome: "done" | "refused" | "failed";
            /** @description In the chain of the workspace; null = not linked yet */
            readonly position: number | null;
            /** @description Id of what it was done to */
            readonly target: string | null;
        };
        readonly AuditList: {
            readonly events: readonly components["schemas"]["AuditEvent"][];
            /** @description The `after` of the next page; null = this is the last */
            readonly next: string | null;
        };
        /** @description A place in the chain: all up to there has this hash */
        readonly AuditPlace: {
            /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
            readonly hash: string;
            readonly position: number;
        };
        readonly AuditProof: {
            readonly chains: readonly {
                /** @description Events up to here were taken away as old; 0 = none were */
                readonly cutAt: number;
                readonly events: number;
                readonly head: components["schemas"]["AuditPlace"];
                readonly isSound: boolean;
                readonly problems: readonly string[];
                /** @description Too new to be in the chain: nothing proves them yet */
                readonly unlinked: number;
                readonly workspace: string;
            }[];
            readonly isSound: boolean;
        };
        readonly AuditVerify: {
            readonly expected?: components["schemas"]["AuditPlace"];
        };
        readonly Authenticator: {
            /** @description Each signs in once instead of a code */
            readonly recoveryCodes: readonly string[];
            /**
             * @description For the authenticator
             * @example otpauth://totp/…
             */
            readonly uri: string;
        };
        readonly AuthenticatorCode: {
            readonly code: string;
        };
        readonly Budget: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            readonly action: "block" | "warn";
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            readonly alerts: readonly number[];
            readonly anchorDay: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly archivedAt: string | null;
            /**
             * @description When timeZone and anchorDay begin to count; null = they do
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly calendarChangesAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example bud_01k9… */
            readonly id: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly limitUsd: string;
            /** @enum {string} */
            readonly mode: "worst-case" | "incremental";
            readonly name: string;
            readonly outputCap: number | null;
            readonly period: string;
            readonly queueMs: number;
            readonly scope: string;
            /** @enum {string} */
            readonly source: "file" | "api";
            readonly timeZone: string;
            readonly version: number;
            /** @description Open now, shown or not */
            readonly windowCount: number;
            /** @description Open now, the fullest first */
            readonly windows: readonly components["schemas"]["BudgetWindow"][];
        };
        readonly BudgetChange: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            readonly action?: "block" | "warn";
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            readonly alerts?: readonly number[];
            readonly anchorDay?: number;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
             * @example 25
             */
            readonly limitUsd?: string;
            /** @enum {string} */
            readonly mode?: "worst-case" | "incremental";
            readonly name?: string;
            /** @description null = the policy of the gateway */
            readonly outputCap?: number | null;
            readonly queueMs?: number;
            readonly timeZone?: string;
        };
        readonly BudgetList: {
            readonly budgets: readonly components["schemas"]["Budget"][];
            readonly isTruncated: boolean;
        };
        readonly BudgetWindow: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly blockedAt: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly limitUsd: string;
            /** @description Attempts that cost more than was reserved for them */
            readonly overruns: number;
            /** @description At the pace of late; null = there is too little to go by */
            readonly projection: {
                /**
                 * @description Pace of the last hours or days, or of the whole window
                 * @enum {string}
                 */
                readonly basis: "recent" | "window";
                /**
                 * @description null = it is reached already, or not before the reset
                 * @example 2026-11-01T12:00:00.000Z
                 */
                readonly limitReachedAt: string | null;
                /**
                 * @description Spent when it resets; of rolling periods what they come to; null = it never resets
                 * @example 0.00123
                 */
                readonly spentUsd: string | null;
            } | null;
            readonly refusals: number;
            /**
             * @description Below 0 where more was spent than the limit is now
             * @example 0.00123
             */
            readonly remainingUsd: string;
            readonly requests: number;
            /**
             * @description Held for requests under way
             * @example 0.00123
             */
            readonly reservedUsd: string;
            /**
             * @description When some of it comes back; null = never
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly resetsAt: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly spentUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly start: string;
            /**
             * @description The value it is counted for
             * @example coder
             */
            readonly subject: string;
        };
        readonly Cheapest: {
            readonly capabilities: readonly string[];
            readonly inputTokens: number;
            /** @description Cheapest first */
            readonly models: readonly {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                readonly model: components["schemas"]["Model"];
                readonly ref: string;
            }[];
            readonly outputTokens: number;
            /** @description Models that would do, but whose price nobody knows */
            readonly unpriced: number;
        };
        /** @description null where no layers choose (embeddings, files) */
        readonly ChoiceRecord: {
            /** @description The layer that won */
            readonly layer: string;
            /** @description Every layer, highest first */
            readonly layers: readonly components["schemas"]["LayerAnswer"][];
            /** @example agent:code-reviewer */
            readonly prompt: string | null;
            /** @description header, agent-header, client-header, fingerprint, key or step */
            readonly promptBy: string | null;
        } | null;
        readonly Configuration: {
            readonly files: readonly string[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly loadedAt: string;
            readonly pendingRestart: readonly string[];
            readonly problem: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly at: string;
                readonly message: string;
            } | null;
            readonly reloads: {
                readonly done: number;
                readonly failed: number;
            };
            readonly revision: number;
            readonly warnings: readonly string[];
        };
        readonly ContentSide: {
            /** @description Of the whole */
            readonly bytes: number;
            /** @description Only its beginning is kept */
            readonly isCut: boolean;
            /** @description The pieces of a stream, put together */
            readonly isFolded: boolean;
            /**
             * @description `left-out`: it could not be looked through, so that nothing of it was kept
             * @enum {string}
             */
            readonly kind: "text" | "base64" | "left-out";
            /** @description Stretches that were taken out */
            readonly redactions: number;
            readonly text: string;
        };
        readonly Credential: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string | null;
            /**
             * @description `installation`: of the environment or a file, which all workspaces use
             * @enum {string}
             */
            readonly holder: "installation" | "workspace" | "member";
            /** @example cred_01k9… */
            readonly id: string;
            readonly label: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly lastUsedAt: string | null;
            /** @description Whose it is, where it is a member’s */
            readonly memberId: string | null;
            /** @description Its first 7 and last 4 characters */
            readonly preview: string;
            readonly provider: string;
            /** @description 0 = used first; null = not used */
            readonly rank: number | null;
            /**
             * @description `vault`, `file` or `env NAME`
             * @example vault
             */
            readonly source: string;
            /** @enum {string} */
            readonly state: "active" | "disabled" | "unused" | "unreadable";
            /**
             * @description When its provider last took it, as far as was tried
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly validatedAt: string | null;
            readonly weight: number;
        };
        readonly CredentialChange: {
            readonly isDisabled?: boolean;
            readonly weight?: number;
        };
        readonly CredentialList: {
            readonly credentials: readonly components["schemas"]["Credential"][];
        };
        readonly CredentialTest: {
            /** @description Absent = all that are in use and that the caller may change */
            readonly id?: string;
            /**
             * @description As under `providers`, or a kind
             * @example openai
             */
            readonly provider: string;
        };
        /** @description Of the one used first; null = it is called without */
        readonly CredentialTrial: {
            /** @enum {string} */
            readonly kind: "good" | "refused" | "unclear";
            /** @description What the provider said; no part of the secret is in it */
            readonly message: string;
        } | null;
        readonly DecidedAttempt: {
            readonly errorClass: string | null;
            readonly lane: string;
            readonly latencyMs: number | null;
            /** @description Canonical provider/model */
            readonly model: string;
            readonly number: number;
            /** @description null = unknown, stated by the provider, or not needed */
            readonly price: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly effectiveFrom: string;
                readonly serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                readonly source: string;
                readonly tiers: readonly {
                    readonly aboveInputTokens: number;
                    readonly usdPerCall: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    readonly usdPerMillion: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly usdPerRequest: string | null;
                }[];
            } | null;
            readonly replyLosses: components["schemas"]["Losses"];
            readonly requestLosses: components["schemas"]["Losses"];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string;
            readonly status: string;
            readonly upstreamFormat: string | null;
        };
        readonly DecisionRecord: {
            /** @description Model ref as it was chosen; null where the call names none */
            readonly asked: string | null;
            readonly attempts: readonly components["schemas"]["DecidedAttempt"][];
            readonly budgets: readonly {
                readonly id: string;
                readonly name: string;
                readonly subject: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly windowStart: string;
            }[];
            readonly choice: components["schemas"]["ChoiceRecord"];
            /** @enum {string} */
            readonly operation: "chat" | "embeddings" | "relay-only";
            /** @description null = there was but one */
            readonly order: readonly {
                readonly ref: string;
                /** @description model_fallback, chain, default; null = asked for */
                readonly standIn: string | null;
            }[] | null;
            readonly overheadMs: number | null;
            readonly phases: {
                /** @description Until the body was read */
                readonly bodyMs: number;
                /** @description Of the last attempt, until its first byte */
                readonly firstByteMs: number | null;
                /** @description In the ledger before the last attempt, with waiting for a budget */
                readonly heldMs: number;
                /** @description Until it was booked */
                readonly totalMs: number;
            } | null;
            readonly revision: number | null;
            readonly skipped: readonly {
                readonly note: string | null;
                readonly reason: string;
                readonly ref: string;
            }[];
            readonly workspace: string;
        };
        readonly DeclaredProvider: {
            readonly autoCache: boolean;
            readonly baseUrl: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly changedAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly formats: readonly string[] | null;
            /** @description Their names; values are not shown again */
            readonly headers: readonly string[];
            readonly kind: string;
            readonly models: readonly string[];
            readonly name: string;
            /** @description Why it serves nothing now; null = it does */
            readonly problem: string | null;
            readonly settings: components["schemas"]["ProviderSettings"];
            /** @enum {string|null} */
            readonly streamUsage: "ask" | "leave" | null;
            readonly timeouts: components["schemas"]["ProviderTimeouts"];
        };
        readonly DeploymentHealth: {
            /** @description Empty = the provider has but one, or none */
            readonly credential: string;
            /** @description Smoothed */
            readonly firstByteMs: number | null;
            readonly inFlight: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly lastFailedAt: string | null;
            /** @description Of the last 200 first bytes; null = too few */
            readonly p95FirstByteMs: number | null;
            readonly provider: string;
            readonly reason: string | null;
            /** @example anthropic/claude-opus-4-1 */
            readonly ref: string;
            /** @enum {string} */
            readonly state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            /**
             * @description When the state ends by itself
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly until: string | null;
        };
        readonly Done: {
            /** @enum {boolean} */
            readonly isDone: true;
        };
        readonly Drain: {
            readonly isDraining: boolean;
            readonly provider: string;
        };
        readonly Drift: {
            /** @description They add up to driftUsd */
            readonly causes: readonly {
                readonly cause: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly usd: string;
            }[];
            /**
             * @description What the provider bills, less what is booked
             * @example 0.00123
             */
            readonly driftUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly end: string;
            /** @description More than 1 % and more than $1 */
            readonly isOver: boolean;
            /** @description Used without an API key: not by any gateway */
            readonly keylessTokens: number;
            /** @description null = for no model: calls of built-in tools */
            readonly model: string | null;
            /** @description Names of the same model compared together */
            readonly otherNames: readonly string[];
            readonly ours: {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                readonly tokens: {
                    readonly audioInput: number;
                    readonly audioOutput: number;
                    readonly cacheRead: number;
                    readonly cacheWrite1h: number;
                    readonly cacheWrite5m: number;
                    readonly input: number;
                    readonly output: number;
                };
            };
            readonly provider: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly start: string;
            readonly theirs: {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string | null;
                readonly tokens: {
                    readonly audioInput: number;
                    readonly audioOutput: number;
                    readonly cacheRead: number;
                    readonly cacheWrite1h: number;
                    readonly cacheWrite5m: number;
                    readonly input: number;
                    readonly output: number;
                };
            };
        };
        readonly DryRun: {
            readonly asked: string | null;
            readonly candidates: readonly {
                readonly formats: readonly string[];
                readonly health: {
                    readonly p95FirstByteMs: number | null;
                    readonly reason: string | null;
                    readonly state: string;
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly until: string | null;
                };
                /** @description Would be asked now, if those before it failed */
                readonly isAsked: boolean;
                /** @description null = unknown */
                readonly price: {
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly effectiveFrom: string;
                    readonly serviceTier: string;
                    /**
                     * @description catalog, refreshed, operator, sandbox, local
                     * @example catalog
                     */
                    readonly source: string;
                    readonly tiers: readonly {
                        readonly aboveInputTokens: number;
                        readonly usdPerCall: {
                            readonly [key: string]: string;
                        };
                        /**
                         * @example {
                         *       "input": "3.00",
                         *       "output": "15.00"
                         *     }
                         */
                        readonly usdPerMillion: {
                            readonly [key: string]: string;
                        };
                        /**
                         * @description US dollars, exact decimal
                         * @example 0.00123
                         */
                        readonly usdPerRequest: string | null;
                    }[];
                } | null;
                readonly ref: string;
                readonly standIn: string | null;
            }[];
            readonly choice: components["schemas"]["ChoiceRecord"];
            /** @description null = it would be sent */
            readonly refusal: {
                /** @example record_unknown */
                readonly code: string;
                readonly fix: string;
                readonly message: string;
            } | null;
            readonly revision: number;
            readonly skipped: readonly {
                readonly note: string | null;
                readonly reason: string;
                readonly ref: string;
            }[];
        };
        readonly DryRunQuery: {
            readonly agent?: string;
            readonly capabilities?: readonly ("tools" | "vision" | "documents" | "audio" | "thinking" | "structured-output" | "prompt-cache")[];
            readonly inputTokens?: number;
            readonly key?: string;
            readonly model?: string;
            readonly outputTokens?: number;
            readonly pipeline?: string;
            /** @example command:oss:ship */
            readonly prompt?: string;
            readonly requestModel?: string;
            readonly session?: string;
            readonly step?: string;
        };
        readonly Entry: {
            readonly attempt: number;
            readonly cacheReadTokens: number;
            readonly cacheWriteTokens: number;
            /**
             * @description null = the price is unknown
             * @example 0.00123
             */
            readonly costUsd: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            readonly errorClass: string | null;
            readonly flags: readonly string[];
            readonly httpStatus: number | null;
            readonly id: string;
            readonly inputTokens: number;
            readonly isEstimated: boolean;
            readonly kind: string;
            readonly lane: string;
            readonly latencyMs: number | null;
            /** @description Canonical provider/model */
            readonly model: string;
            readonly outputTokens: number;
            readonly reasoningTokens: number;
            readonly status: string;
            readonly stop: string | null;
            readonly ttftMs: number | null;
            readonly upstreamRequestId: string | null;
        };
        readonly ErasedContent: {
            readonly exchanges: number;
        };
        readonly ErasedMember: {
            /** @description Exchanges whose content was shredded */
            readonly contents: number;
            readonly credentials: number;
            /** @description false = the person is a member elsewhere, too */
            readonly isPersonErased: boolean;
            /** @description Revoked, and their names cleared */
            readonly keys: number;
            readonly memberId: string;
        };
        readonly EraseMember: {
            /** @description The id of the member, once more */
            readonly confirm: string;
        };
        readonly Errors: {
            /** @enum {string} */
            readonly by: "provider" | "model";
            readonly rows: readonly {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                readonly errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly latency: components["schemas"]["Latencies"];
                /** @description Mean time to the first token, of attempts that have one */
                readonly meanTtftMs: number | null;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
                readonly value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly Exchange: {
            readonly agent: string | null;
            readonly clientFormat: string;
            /**
             * @description Sum of the entries; null where one has no known price
             * @example 0.00123
             */
            readonly costUsd: string | null;
            readonly endUser: string | null;
            readonly entries: readonly components["schemas"]["Entry"][];
            /** @example exc_01k9… */
            readonly id: string;
            readonly key: string;
            readonly model: string;
            readonly session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string;
            readonly status: string;
        };
        readonly ExchangeContent: {
            readonly clientFormat: string;
            readonly exchangeId: string;
            readonly httpStatus: number | null;
            /** @enum {string} */
            readonly mode: "redacted" | "full";
            readonly reply: components["schemas"]["ContentSide"];
            readonly request: components["schemas"]["ContentSide"];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string;
        };
        readonly ExchangeList: {
            readonly exchanges: readonly components["schemas"]["Exchange"][];
        };
        readonly ExplainedExchange: {
            readonly agent: string | null;
            readonly clientFormat: string;
            /**
             * @description Sum of the entries; null where one has no known price
             * @example 0.00123
             */
            readonly costUsd: string | null;
            readonly decision: components["schemas"]["DecisionRecord"];
            readonly endUser: string | null;
            readonly entries: readonly components["schemas"]["Entry"][];
            /** @example exc_01k9… */
            readonly id: string;
            readonly key: string;
            readonly model: string;
            readonly session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string;
            readonly status: string;
        };
        readonly Fallback: components["schemas"]["FallbackSettings"] & {
            /** @description Who would be tried for `model`, in order, before health and filters */
            readonly tried: readonly (components["schemas"]["StandIn"] & {
                /** @enum {string} */
                readonly by: "ref" | "chain" | "default";
                readonly source: string;
            })[] | null;
        };
        readonly FallbackChain: {
            /**
             * @description As the catalog files it
             * @example anthropic/claude-sonnet-4-5
             */
            readonly model: string;
            /** @example built-in */
            readonly source: string;
            /** @description In order; none = nobody stands in for it */
            readonly standIns: readonly components["schemas"]["StandIn"][];
        };
        readonly FallbackChainList: {
            readonly chains: readonly components["schemas"]["FallbackChain"][];
            readonly isEnabled: boolean;
        };
        readonly FallbackSettings: {
            /** @description What a prompt's own rule names to be tried counts */
            readonly allowsNamed: boolean;
            readonly default: components["schemas"]["StandIn"];
            /** @description Others than the chosen model may answer: chains and the default count */
            readonly isEnabled: boolean;
            readonly onContentFilter: boolean;
        };
        readonly ForgottenSecrets: {
            readonly forgotten: number;
            readonly vault: components["schemas"]["Vault"];
        };
        readonly Health: {
            /** @description Of all processes, newest first */
            readonly changes: readonly components["schemas"]["HealthChange"][];
            readonly deployments: readonly components["schemas"]["DeploymentHealth"][];
            readonly providers: readonly components["schemas"]["ProviderHealth"][];
            /** @description Retries into what is unwell that could be made now */
            readonly retriesLeft: number;
        };
        readonly HealthChange: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly at: string;
            readonly credential: string;
            /** @enum {string} */
            readonly from: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            readonly id: string;
            readonly provider: string;
            readonly reason: string;
            readonly ref: string;
            /** @description The process that saw it; empty = there is but one */
            readonly replica: string;
            /** @enum {string} */
            readonly to: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string | null;
        };
        readonly HealthReset: {
            readonly forgotten: number;
        };
        readonly Heard: {
            /** @enum {boolean} */
            readonly isHeard: true;
        };
        readonly Heartbeat: {
            readonly message?: string;
        };
        readonly Installation: {
            readonly database: string;
            readonly durability: string;
            readonly formats: readonly string[];
            readonly home: string;
            readonly ledger: {
                readonly isWritable: boolean;
                readonly lastError?: string;
                readonly openReservations: number;
                readonly pendingSettles: number;
            };
            /** @enum {string} */
            readonly product: "turnpike";
            readonly revision: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string;
            readonly uptimeMs: number;
            readonly version: string;
        };
        readonly Invitation: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly acceptedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            readonly email: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly expiresAt: string;
            /** @example inv_01k9… */
            readonly id: string;
            readonly invitedBy: string;
            /** @description Who the guest became */
            readonly memberId: string | null;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
            /** @enum {string} */
            readonly state: "open" | "accepted" | "revoked" | "expired";
        };
        readonly InvitationList: {
            readonly invitations: readonly components["schemas"]["Invitation"][];
            readonly isTruncated: boolean;
        };
        readonly InvitationToken: {
            /** @description As it stands in the link */
            readonly token: string;
        };
        readonly Joined: {
            /** @description The answer brings a cookie that says who it is */
            readonly isSignedIn: boolean;
            readonly memberId: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
            readonly workspace: components["schemas"]["Workspace"];
        };
        readonly Key: {
            readonly agent: string | null;
            /** @description null = every call */
            readonly allowedFormats: readonly string[] | null;
            /** @description null = every model */
            readonly allowedModels: readonly string[] | null;
            /** @description null = from everywhere */
            readonly allowedRanges: readonly string[] | null;
            /** @description Of this key alone */
            readonly budgets: readonly {
                /** @enum {string} */
                readonly action: "block" | "warn";
                readonly id: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly limitUsd: string;
                readonly name: string;
                readonly period: string;
            }[];
            /** @description Answers may be given to it again for so long; 0 = never, null = where its route says so */
            readonly cacheTtlMs: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            readonly defaultModel: string | null;
            readonly description: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly expiresAt: string | null;
            /** @example key_01k9… */
            readonly id: string;
            readonly isHoneypot: boolean;
            /**
             * @description Some minutes late
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly lastUsedAt: string | null;
            readonly member: string | null;
            readonly name: string;
            /** @description Tokens it had before that work yet */
            readonly oldTokens: readonly {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly lastUsedAt: string | null;
                readonly preview: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly replacedAt: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly worksUntil: string;
            }[];
            /** @description Beginning and end of the token */
            readonly preview: string;
            /** @description Of this key alone */
            readonly rateLimit: {
                readonly burstSeconds: number;
                readonly concurrent: number | null;
                readonly id: string;
                readonly inputTokensPerMinute: number | null;
                readonly outputTokensPerMinute: number | null;
                readonly requestsPerMinute: number | null;
            } | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly revokedAt: string | null;
            /** @enum {string} */
            readonly state: "active" | "expired" | "revoked";
            readonly tags: readonly string[];
        };
        /** @description null = as if it had never been said */
        readonly KeyChange: {
            /** @description Name of an agent, or the id of one of the workspace */
            readonly agent?: string | null;
            /**
             * @description Calls by the names of docs/guide/keys.md, or chat or embeddings for all of those
             * @example [
             *       "anthropic-messages",
             *       "embeddings"
             *     ]
             */
            readonly allowedFormats?: readonly string[] | null;
            /** @description Absent = every model */
            readonly allowedModels?: readonly string[] | null;
            /** @description Absent = from everywhere */
            readonly allowedRanges?: readonly string[] | null;
            readonly cacheTtlMs?: number | null;
            readonly defaultModel?: string | null;
            /** @description On one line */
            readonly description?: string | null;
            /** Format: date-time */
            readonly expiresAt?: string | null;
            /**
             * @description Whose it is
             * @example mem_01k9…
             */
            readonly member?: string | null;
            readonly name?: string;
            readonly tags?: readonly string[] | null;
        };
        readonly KeyList: {
            readonly keys: readonly components["schemas"]["Key"][];
            /** @description What to ask for next, as `after`; null = no more */
            readonly next: string | null;
        };
        readonly KeyRotation: {
            /**
             * @description How long the old token works on, at most 30 days
             * @default 0
             */
            readonly overlapSeconds: number;
        };
        readonly Latencies: {
            /** @description null = nothing was measured */
            readonly p50Ms: number | null;
            /** @description null = nothing was measured */
            readonly p95Ms: number | null;
            /** @description null = nothing was measured */
            readonly p99Ms: number | null;
        };
        readonly LayerAnswer: {
            /** @example project */
            readonly layer: string;
            /** @description null = it says nothing of this request */
            readonly ref: string | null;
            /** @description Where that is written */
            readonly source: string | null;
        };
        readonly Loss: {
            /** @enum {string} */
            readonly kind: "dropped" | "approximated";
            readonly note: string;
            /**
             * @description Canonical names
             * @example turns[2].parts[0].cache
             */
            readonly path: string;
        };
        /** @description null = nothing is known of them */
        readonly Losses: {
            readonly named: readonly components["schemas"]["Loss"][];
            /** @description How many more there were */
            readonly unnamed: number;
        } | null;
        readonly MadeCredential: {
            readonly credential: components["schemas"]["Credential"];
            readonly isReplaced: boolean;
            readonly trial: components["schemas"]["CredentialTrial"];
        };
        readonly MadeInvitation: {
            readonly invitation: components["schemas"]["Invitation"];
            /** @description Shown this once; only a hash of what is in it is kept */
            readonly link: string;
        };
        readonly MadeKey: {
            readonly key: components["schemas"]["Key"];
            /** @description Shown this once; only its hash is kept */
            readonly token: string;
        };
        readonly MadeRecoveryKey: {
            /**
             * @description Shown this once, and kept nowhere
             * @example TPR1-0000-…
             */
            readonly recoveryKey: string;
            readonly vault: components["schemas"]["Vault"];
        };
        readonly Me: {
            /** @description As the audit names it */
            readonly id: string;
            /** @description May change the installation itself */
            readonly isOperator: boolean;
            /** @enum {string} */
            readonly kind: "person" | "operator" | "service";
            readonly memberId: string | null;
            readonly name: string;
            readonly person: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly createdAt: string;
                readonly email: string;
                readonly hasPassword: boolean;
                readonly hasTotp: boolean;
                readonly id: string;
            } | null;
            /**
             * @description In that workspace; null = none
             * @enum {string|null}
             */
            readonly role: "viewer" | "member" | "admin" | "owner" | null;
            /** @description The one that this request acted in */
            readonly workspaceId: string;
            /** @description Of a person, the one used last first */
            readonly workspaces: readonly {
                readonly id: string;
                /** @description The workspace, or the caller in it */
                readonly isSuspended: boolean;
                readonly memberId: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: "viewer" | "member" | "admin" | "owner";
            }[];
        };
        readonly MeChange: {
            readonly name: string;
        };
        readonly Member: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @description For admins, and the member itself; null = not shown */
            readonly email: string | null;
            /** @example mem_01k9… */
            readonly id: string;
            readonly isSelf: boolean;
            /**
             * @description For admins; null = never, or not shown
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly lastSignInAt: string | null;
            /** @description Empty = the person is erased */
            readonly name: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
            /** @example 2026-11-01T12:00:00.000Z */
            readonly suspendedAt: string | null;
        };
        readonly MemberChange: {
            readonly isSuspended?: boolean;
            /** @enum {string} */
            readonly role?: "viewer" | "member" | "admin" | "owner";
        };
        readonly MemberList: {
            readonly isTruncated: boolean;
            readonly members: readonly components["schemas"]["Member"][];
        };
        readonly Model: {
            /** @description Known to be there */
            readonly capabilities: readonly string[];
            readonly contextWindow: number | null;
            /** @description Every token and request costs an explicit zero */
            readonly isFree: boolean;
            /** @description Its provider lists it right now */
            readonly isLive: boolean;
            /** @description Runs on the operator's own machines */
            readonly isLocal: boolean;
            /** @enum {string} */
            readonly kind: "model" | "alias" | "route";
            /** @description Known not to be there; the rest is not known */
            readonly lacks: readonly string[];
            readonly leadsTo: readonly string[];
            readonly maxOutputTokens: number | null;
            readonly name: string | null;
            /** @description null = unknown, which is not free */
            readonly price: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly effectiveFrom: string;
                readonly serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                readonly source: string;
                readonly tiers: readonly {
                    readonly aboveInputTokens: number;
                    readonly usdPerCall: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    readonly usdPerMillion: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly usdPerRequest: string | null;
                }[];
            } | null;
            /** @description null = it is an alias or a route */
            readonly provider: string | null;
            /** @example anthropic/claude-sonnet-4-5 */
            readonly ref: string;
        };
        readonly ModelList: {
            /** @description Lists of providers that were asked for theirs */
            readonly lists: readonly {
                /**
                 * @description null = it was never read
                 * @example 2026-11-01T12:00:00.000Z
                 */
                readonly listedAt: string | null;
                readonly models: number;
                /** @description Why the last reading failed */
                readonly problem: string | null;
                readonly provider: string;
            }[];
            readonly models: readonly components["schemas"]["Model"][];
            readonly priceList: components["schemas"]["PriceList"];
        };
        readonly ModelRule: {
            /** @description For a request that names no model itself; null = none is named anywhere */
            readonly effective: {
                readonly fallback: readonly string[];
                /** @enum {string} */
                readonly layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                readonly ref: string;
                readonly source: string;
            } | null;
            /**
             * @description agent:* = every agent without a rule of its own; default = where nothing else names a model
             * @example agent:oss:code-reviewer
             */
            readonly id: string;
            /** @description Those that say something of it, highest first */
            readonly layers: readonly {
                /** @enum {string} */
                readonly layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                readonly ref: string;
                readonly source: string;
            }[];
            /** @description Why the effective model leads nowhere; null = it leads somewhere */
            readonly problem: string | null;
            /** @description What was set here */
            readonly setting: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly createdAt: string;
                readonly createdBy: string;
                readonly fallback: readonly string[];
                readonly ref: string;
            } | null;
        };
        readonly ModelRuleList: {
            readonly isTruncated: boolean;
            readonly rules: readonly components["schemas"]["ModelRule"][];
        };
        readonly ModelsConfig: {
            readonly fallback: components["schemas"]["FallbackSettings"];
            readonly isTruncated: boolean;
            readonly names: readonly {
                /** @enum {string} */
                readonly kind: "alias" | "route";
                readonly name: string;
                readonly refs: readonly string[];
                readonly source: string | null;
                readonly strategy: string | null;
            }[];
            /** @description Refs that lead nowhere here, and what is missing */
            readonly problems: readonly {
                readonly problem: string;
                readonly ref: string;
                readonly source: string;
            }[];
            readonly rules: readonly components["schemas"]["ModelRule"][];
            readonly steps: readonly {
                readonly agent: string | null;
                readonly name: string;
                readonly number: number;
                readonly pipeline: string;
                /** @description null = its agent decides */
                readonly ref: string | null;
                readonly source: string | null;
            }[];
        };
        readonly NewAgent: {
            /**
             * @description Made with it, all of its own scope
             * @default []
             */
            readonly budgets: readonly {
                /**
                 * @description At the limit: nothing more is sent, or it is only told
                 * @enum {string}
                 */
                readonly action?: "block" | "warn";
                /**
                 * @description Per cents of the limit
                 * @example [
                 *       50,
                 *       80,
                 *       100
                 *     ]
                 */
                readonly alerts?: readonly number[];
                readonly anchorDay?: number;
                /**
                 * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
                 * @example 25
                 */
                readonly limitUsd: string;
                /** @enum {string} */
                readonly mode?: "worst-case" | "incremental";
                readonly name?: string;
                readonly outputCap?: number;
                /**
                 * @description day, week, month, total or rolling:<hours> (1 to 744)
                 * @example month
                 */
                readonly period: string;
                readonly queueMs?: number;
                readonly timeZone?: string;
            }[];
            readonly description?: string;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /**
             * @description The model it prefers
             * @example openai/gpt-4o
             */
            readonly model?: string;
            /**
             * @description What keys, budgets and requests name it by
             * @example oss:code-reviewer
             */
            readonly name: string;
            /** @description What `turnpike ask --agent` puts above a question */
            readonly systemPrompt?: string;
        };
        readonly NewAlias: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /**
             * @description An alias, a route, provider/model or a bare id
             * @example openai/gpt-4o
             */
            readonly ref: string;
        };
        readonly NewBudget: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            readonly action?: "block" | "warn";
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            readonly alerts?: readonly number[];
            readonly anchorDay?: number;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
             * @example 25
             */
            readonly limitUsd: string;
            /** @enum {string} */
            readonly mode?: "worst-case" | "incremental";
            readonly name?: string;
            readonly outputCap?: number;
            /**
             * @description day, week, month, total or rolling:<hours> (1 to 744)
             * @example month
             */
            readonly period: string;
            readonly queueMs?: number;
            /**
             * @description workspace, or one of member, agent, key, end-user, provider, model, session, pipeline followed by :<id> or :*; keys by their id (key_…), models as provider/model
             * @example agent:coder
             */
            readonly scope: string;
            readonly timeZone?: string;
        };
        readonly NewCredential: {
            /**
             * @description `workspace`: its admins save it, all of it use it. `me`: the caller’s own, used before the workspace’s
             * @default workspace
             * @enum {string}
             */
            readonly holder: "workspace" | "me";
            /**
             * @description Save it whatever the provider says
             * @default false
             */
            readonly isForced: boolean;
            /**
             * @description One of the same provider and label is replaced
             * @default default
             */
            readonly label: string;
            /**
             * @description As under `providers`, or a kind
             * @example openai
             */
            readonly provider: string;
            /**
             * Format: password
             * @description Sealed in the vault; never shown again
             */
            readonly secret: string;
            /** @default 1 */
            readonly weight: number;
        };
        readonly NewFallbackChain: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /** @description In order; an empty list = nobody stands in for it */
            readonly refs: readonly string[];
        };
        readonly NewInvitation: {
            /**
             * Format: email
             * @example ada@example.com
             */
            readonly email: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
        };
        readonly NewKey: {
            /** @description Name of an agent, or the id of one of the workspace */
            readonly agent?: string;
            /**
             * @description Calls by the names of docs/guide/keys.md, or chat or embeddings for all of those
             * @example [
             *       "anthropic-messages",
             *       "embeddings"
             *     ]
             */
            readonly allowedFormats?: readonly string[];
            /** @description Absent = every model */
            readonly allowedModels?: readonly string[];
            /** @description Absent = from everywhere */
            readonly allowedRanges?: readonly string[];
            /** @description Of the key alone, made together with it */
            readonly budgets?: readonly {
                /**
                 * @description At the limit: nothing more is sent, or it is only told
                 * @enum {string}
                 */
                readonly action?: "block" | "warn";
                /**
                 * @description Per cents of the limit
                 * @example [
                 *       50,
                 *       80,
                 *       100
                 *     ]
                 */
                readonly alerts?: readonly number[];
                readonly anchorDay?: number;
                /**
                 * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
                 * @example 25
                 */
                readonly limitUsd: string;
                /** @enum {string} */
                readonly mode?: "worst-case" | "incremental";
                readonly name?: string;
                readonly outputCap?: number;
                /**
                 * @description day, week, month, total or rolling:<hours> (1 to 744)
                 * @example month
                 */
                readonly period: string;
                readonly queueMs?: number;
                readonly timeZone?: string;
            }[];
            readonly cacheTtlMs?: number;
            readonly defaultModel?: string;
            /** @description On one line */
            readonly description?: string;
            /** Format: date-time */
            readonly expiresAt?: string;
            /** @description It lets nobody in, and its use raises an alert: to be left where only thieves look */
            readonly isHoneypot?: boolean;
            /**
             * @description Whose it is
             * @example mem_01k9…
             */
            readonly member?: string;
            readonly name: string;
            /** @description Of the key alone, made together with it */
            readonly rateLimit?: {
                /**
                 * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
                 * @example 60
                 */
                readonly burstSeconds?: number;
                readonly concurrent?: number;
                readonly inputTokensPerMinute?: number;
                readonly outputTokensPerMinute?: number;
                readonly requestsPerMinute?: number;
            };
            readonly tags?: readonly string[];
        };
        readonly NewModelRule: {
            /** @description Refs to try after it, in order */
            readonly fallback?: readonly string[];
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /**
             * @description A model ref; inherit = leave it to the layers below
             * @example openai/gpt-4o
             */
            readonly model: string;
        };
        readonly NewPassword: {
            readonly password: string;
        };
        readonly NewPreferences: {
            /**
             * @default {
             *       "isEnabled": null,
             *       "models": null
             *     }
             */
            readonly fallback: {
                /** @default null */
                readonly isEnabled: boolean | null;
                /**
                 * @description Tried after the model, where what names it names none
                 * @default null
                 */
                readonly models: readonly string[] | null;
            };
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /**
             * @description For every chat of the own keys, before what else is set or asked for
             * @default null
             * @example openai/gpt-4o
             */
            readonly model: string | null;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50; of all own keys together, a calendar month in UTC
             * @default null
             * @example 25
             */
            readonly monthlyBudgetUsd: string | null;
            /**
             * @description Asked first where several serve a model that is named without a provider
             * @default null
             */
            readonly provider: string | null;
        };
        readonly NewPrice: {
            /**
             * @description Default: now
             * @example 2026-11-01T00:00:00Z
             */
            readonly effectiveFrom?: string;
            /** @default false */
            readonly isFree: boolean;
            /**
             * @description As the provider calls it; * = all of its models
             * @example gpt-4o
             */
            readonly model: string;
            /** @example openai */
            readonly provider: string;
            /**
             * @description standard, batch, flex, priority or another name a provider reports; * for all
             * @default *
             */
            readonly serviceTier: string;
            /** @default [] */
            readonly tiers: readonly {
                /** @default 0 */
                readonly aboveInputTokens: number;
                readonly usdPerCall?: {
                    readonly [key: string]: string;
                };
                readonly usdPerMillion: {
                    readonly audioInput?: string;
                    readonly audioOutput?: string;
                    readonly cacheRead?: string;
                    readonly cacheWrite1h?: string;
                    readonly cacheWrite5m?: string;
                    readonly input?: string;
                    readonly output?: string;
                    readonly reasoning?: string;
                };
                readonly usdPerRequest?: string;
            }[];
        };
        readonly NewProvider: {
            readonly autoCache?: boolean;
            /**
             * @description As the vendor's own SDK takes it; of the public internet, or allowed by the operator. Absent = the kind's
             * @example https://models.example.com/v1
             */
            readonly baseUrl?: string;
            readonly formats?: readonly ("anthropic-messages" | "openai-chat" | "openai-responses" | "gemini-generate" | "ollama-chat")[];
            /**
             * @description Sent with every request; none that carries a secret. They are not shown again
             * @default {}
             */
            readonly headers: {
                readonly [key: string]: string;
            };
            /** @example openai-compatible */
            readonly kind: string;
            /** @default [] */
            readonly models: readonly string[];
            /** @example fast */
            readonly name: string;
            readonly settings?: components["schemas"]["ProviderSettings"];
            /** @enum {string} */
            readonly streamUsage?: "ask" | "leave";
            readonly timeouts?: components["schemas"]["ProviderTimeouts"];
        };
        readonly NewRateLimit: {
            /**
             * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
             * @example 60
             */
            readonly burstSeconds?: number;
            readonly concurrent?: number;
            readonly inputTokensPerMinute?: number;
            readonly outputTokensPerMinute?: number;
            readonly requestsPerMinute?: number;
            /**
             * @description workspace, or one of member, agent, key, deployment followed by :<id> or :* (each for itself); keys by their id (key_…), deployments as provider/model
             * @example key:*
             */
            readonly scope: string;
        };
        readonly NewRoute: {
            readonly cacheTtlSeconds?: number;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            readonly force: boolean;
            /** @default false */
            readonly isHedged: boolean;
            readonly models: readonly (string | {
                /**
                 * @description An alias, a route, provider/model or a bare id
                 * @example openai/gpt-4o
                 */
                readonly ref: string;
                /**
                 * @description 0 = only when the others fail
                 * @default 1
                 */
                readonly weight: number;
            })[];
            readonly require?: components["schemas"]["RouteRequirements"];
            /**
             * @default ordered
             * @enum {string}
             */
            readonly strategy: "ordered" | "weighted" | "cheapest" | "fastest" | "sticky";
        };
        readonly NewTask: {
            /** @description Per cent */
            readonly progress?: number;
            /** @description What came of it, in short */
            readonly result?: string;
            /** @description As its requests name it in x-turnpike-session: by it the cost of the task is found */
            readonly session?: string;
            /**
             * @default queued
             * @enum {string}
             */
            readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
            readonly title: string;
        };
        readonly NewTaskEvent: {
            /**
             * @default note
             * @enum {string}
             */
            readonly kind: "note" | "progress" | "tool" | "warning" | "error";
            readonly message: string;
        };
        readonly NewWorkspace: {
            readonly name: string;
        };
        readonly OpenInvitation: {
            /** @description null = it makes the first owner, whoever that is */
            readonly email: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly expiresAt: string;
            /** @description Somebody with that address is to sign in to accept */
            readonly isKnown: boolean;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
            readonly workspace: string;
        };
        readonly Overview: {
            readonly audioInputTokens: number;
            readonly audioOutputTokens: number;
            readonly cacheReadTokens: number;
            readonly cacheWriteTokens: number;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly costUsd: string;
            /** @description One per attempt */
            readonly entries: number;
            /**
             * @description failedEntries / entries
             * @example 0.02
             */
            readonly errorRate: number;
            /** @description Entries whose tokens the provider did not report */
            readonly estimatedEntries: number;
            readonly failedEntries: number;
            readonly inputTokens: number;
            readonly latency: components["schemas"]["Latencies"];
            /** @description Mean time to the first token, of attempts that have one */
            readonly meanTtftMs: number | null;
            readonly outputTokens: number;
            readonly reasoningTokens: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            /** @description Entries without a known price; not in costUsd */
            readonly unpricedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly OwnerLink: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly expiresAt: string;
            /** @description Shown this once; only a hash of what is in it is kept */
            readonly link: string;
        };
        readonly OwnPassword: {
            readonly password: string;
        };
        readonly OwnWorkspace: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example ws_01k9… */
            readonly id: string;
            /** @description The one that this request acted in */
            readonly isCurrent: boolean;
            readonly name: string;
            /**
             * @description The caller’s; null = it is no member of it
             * @enum {string|null}
             */
            readonly role: "viewer" | "member" | "admin" | "owner" | null;
            /**
             * @description Since when nobody gets in; null = it is in use
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly suspendedAt: string | null;
        };
        readonly PasswordChange: {
            readonly current: string;
            readonly next: string;
        };
        readonly PasswordReset: {
            readonly email: string;
        };
        readonly Person: {
            readonly email: string;
            /** @example per_01k9… */
            readonly id: string;
            readonly name: string;
        };
        readonly Preferences: {
            /** @description Of the budget that holds the limit */
            readonly budgetId: string | null;
            readonly fallback: {
                /** @description null = as the workspace has it */
                readonly isEnabled: boolean | null;
                readonly models: readonly string[] | null;
            };
            readonly model: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly monthlyBudgetUsd: string | null;
            readonly provider: string | null;
            /**
             * @description null = nothing was ever said
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly updatedAt: string | null;
        };
        readonly PricedModel: {
            readonly effective: readonly {
                /** @description null = unknown; of a tier without a price of its own the standard one */
                readonly price: {
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly effectiveFrom: string;
                    readonly serviceTier: string;
                    /**
                     * @description catalog, refreshed, operator, sandbox, local
                     * @example catalog
                     */
                    readonly source: string;
                    readonly tiers: readonly {
                        readonly aboveInputTokens: number;
                        readonly usdPerCall: {
                            readonly [key: string]: string;
                        };
                        /**
                         * @example {
                         *       "input": "3.00",
                         *       "output": "15.00"
                         *     }
                         */
                        readonly usdPerMillion: {
                            readonly [key: string]: string;
                        };
                        /**
                         * @description US dollars, exact decimal
                         * @example 0.00123
                         */
                        readonly usdPerRequest: string | null;
                    }[];
                } | null;
                readonly serviceTier: string;
            }[];
            readonly list: components["schemas"]["PriceList"];
            /** @description Of the list, by date */
            readonly listed: readonly {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly effectiveFrom: string;
                readonly serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                readonly source: string;
                readonly tiers: readonly {
                    readonly aboveInputTokens: number;
                    readonly usdPerCall: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    readonly usdPerMillion: {
                        readonly [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly usdPerRequest: string | null;
                }[];
            }[];
            /** @description Ended ones too */
            readonly overrides: readonly components["schemas"]["PriceOverride"][];
            readonly ref: string;
        };
        readonly PriceList: {
            readonly ageDays: number;
            /**
             * @description Day of the facts
             * @example 2026-09-23
             */
            readonly asOf: string;
            readonly isRefreshed: boolean;
            /** @description Older than 60 days: vendors may have changed prices since */
            readonly isStale: boolean;
            /** @description Why the last reading failed */
            readonly problem: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly readAt: string | null;
            /** @description Address or file; null = it is never refreshed */
            readonly readFrom: string | null;
            /** @example @pydantic/genai-prices@0.1.8 */
            readonly source: string;
        };
        readonly PriceOverride: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly archivedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly effectiveFrom: string;
            /** @example ovr_01k9… */
            readonly id: string;
            readonly model: string;
            readonly provider: string;
            readonly serviceTier: string;
            /** @enum {string} */
            readonly source: "file" | "api";
            readonly tiers: readonly {
                readonly aboveInputTokens: number;
                readonly usdPerCall: {
                    readonly [key: string]: string;
                };
                /**
                 * @example {
                 *       "input": "3.00",
                 *       "output": "15.00"
                 *     }
                 */
                readonly usdPerMillion: {
                    readonly [key: string]: string;
                };
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly usdPerRequest: string | null;
            }[];
            /**
             * @description When it held no more; null = it holds on
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly until: string | null;
        };
        readonly Prices: {
            readonly list: components["schemas"]["PriceList"];
            readonly overrides: readonly components["schemas"]["PriceOverride"][];
        };
        readonly Privacy: {
            /** @description What the installation allows at most (`privacy` in turnpike.yaml) */
            readonly ceiling: {
                /**
                 * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
                 * @enum {string}
                 */
                readonly content: "metadata" | "redacted" | "full";
                readonly retentionDays: number;
            };
            /**
             * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
             * @enum {string}
             */
            readonly content: "metadata" | "redacted" | "full";
            /** @description What counts */
            readonly effective: {
                /**
                 * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
                 * @enum {string}
                 */
                readonly content: "metadata" | "redacted" | "full";
                readonly retentionDays: number;
            };
            readonly retentionDays: number | null;
            /** @description Of this process, all workspaces together */
            readonly sinceStart: {
                readonly dropped: number;
                readonly failed: number;
                readonly kept: number;
            };
            readonly stored: {
                readonly exchanges: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly oldestAt: string | null;
            };
        };
        readonly PrivacyTerms: {
            /**
             * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
             * @enum {string}
             */
            readonly content: "metadata" | "redacted" | "full";
            /**
             * @description null = as long as the installation allows
             * @default null
             */
            readonly retentionDays: number | null;
        };
        readonly Problem: {
            readonly error: {
                /** @example record_unknown */
                readonly code: string;
                readonly fix: string;
                readonly message: string;
            };
        };
        readonly Projections: {
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly pacePerDayUsd: string;
            /**
             * @description The pace is that of the stretch from here to now
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly paceSince: string;
            readonly periods: readonly {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly endsAt: string;
                /** @enum {string} */
                readonly period: "day" | "week" | "month";
                /**
                 * @description All of the period before
                 * @example 0.00123
                 */
                readonly previousUsd: string;
                /**
                 * @description At the end, if it goes on at this pace
                 * @example 0.00123
                 */
                readonly projectedUsd: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly since: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly spentUsd: string;
            }[];
            readonly timeZone: string;
        };
        readonly Prompt: {
            readonly description: string | null;
            readonly fallback: readonly string[];
            readonly file: string;
            /** @example agent:oss:code-reviewer */
            readonly id: string;
            /** @description Requests are known to be its own by the text in them */
            readonly isFoundByText: boolean;
            /** @enum {string} */
            readonly kind: "agent" | "command" | "skill" | "hook";
            /** @description As the frontmatter has it */
            readonly model: string | null;
            /** @enum {string} */
            readonly side: "project" | "user";
            readonly whyNot: string | null;
        };
        readonly PromptList: {
            /** @description What is wrong with prompt files and agents.yaml; what is right in them counts */
            readonly problems: readonly {
                readonly file: string;
                readonly line: number | null;
                readonly reason: string;
            }[];
            readonly prompts: readonly components["schemas"]["Prompt"][];
        };
        readonly Proposal: {
            /**
             * @description To add to what is booked; may be negative
             * @example 0.00123
             */
            readonly costUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example 2026-11-20 */
            readonly day: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly decidedAt: string | null;
            readonly decidedBy: string | null;
            /** @description Of the entry that was booked */
            readonly exchangeId: string | null;
            /** @example adj_01k9… */
            readonly id: string;
            readonly model: string | null;
            readonly provider: string;
            readonly reason: string;
            readonly reconciliation: string;
            /** @enum {string} */
            readonly state: "open" | "accepted" | "dismissed";
            readonly tokens: {
                readonly audioInput: number;
                readonly audioOutput: number;
                readonly cacheRead: number;
                readonly cacheWrite1h: number;
                readonly cacheWrite5m: number;
                readonly input: number;
                readonly output: number;
            };
        };
        readonly ProposalList: {
            readonly proposals: readonly components["schemas"]["Proposal"][];
        };
        readonly Provider: {
            readonly baseUrl: string;
            /** @example env OPENAI_API_KEY */
            readonly credentialSource: string | null;
            readonly formats: readonly string[];
            readonly hasCredential: boolean;
            /** @description Has what it needs to be sent to; not a probe */
            readonly isReady: boolean;
            readonly kind: string;
            readonly name: string;
            readonly needsCredential: boolean;
            /**
             * @description Where it is declared; registry = through this API, by the workspace
             * @enum {string}
             */
            readonly source: "file" | "environment" | "registry" | "built-in";
        };
        /** @description null = as the kind has it */
        readonly ProviderChange: {
            readonly autoCache?: boolean | null;
            /**
             * @description As the vendor's own SDK takes it; of the public internet, or allowed by the operator. Absent = the kind's
             * @example https://models.example.com/v1
             */
            readonly baseUrl?: string | null;
            readonly formats?: readonly ("anthropic-messages" | "openai-chat" | "openai-responses" | "gemini-generate" | "ollama-chat")[] | null;
            /** @description Sent with every request; none that carries a secret. They are not shown again */
            readonly headers?: {
                readonly [key: string]: string;
            } | null;
            readonly models?: readonly string[] | null;
            readonly settings?: components["schemas"]["ProviderSettings"] & (Record<string, never> | null);
            /** @enum {string|null} */
            readonly streamUsage?: "ask" | "leave" | null;
            readonly timeouts?: components["schemas"]["ProviderTimeouts"] & (Record<string, never> | null);
        };
        readonly ProviderHealth: {
            /** @description That something was sent to */
            readonly deployments: number;
            readonly inFlight: number;
            readonly isDraining: boolean;
            readonly kind: string;
            readonly probe: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly at: string;
                readonly isReachable: boolean;
                readonly said: string;
                readonly tookMs: number;
            } | null;
            readonly provider: string;
            readonly reason: string | null;
            /**
             * @description Of what it serves, what is best off
             * @enum {string}
             */
            readonly state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining" | "unknown" | "unreachable";
        };
        readonly ProviderList: {
            readonly providers: readonly components["schemas"]["Provider"][];
        };
        readonly ProviderModels: {
            readonly providers: readonly {
                readonly health: components["schemas"]["ProviderHealth"] & (Record<string, never> | null);
                /** @description Has the credential it needs */
                readonly isReady: boolean;
                readonly kind: string;
                readonly models: readonly {
                    readonly ref: string;
                    /**
                     * @description unknown = nothing was sent to it since the start
                     * @enum {string}
                     */
                    readonly state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining" | "unknown";
                }[];
                readonly name: string;
                /**
                 * @description Where it is declared; registry = through this API, by the workspace
                 * @enum {string}
                 */
                readonly source: "file" | "environment" | "registry" | "built-in";
            }[];
        };
        readonly ProviderSettings: {
            readonly apiVersion?: string;
            readonly location?: string;
            readonly project?: string;
            readonly region?: string;
        };
        readonly ProviderTest: {
            readonly credential: components["schemas"]["CredentialTrial"];
            readonly isReachable: boolean;
            readonly message: string;
        };
        readonly ProviderTimeouts: {
            readonly connectMs?: number;
            readonly contentMs?: number;
            readonly firstByteMs?: number;
            readonly idleMs?: number;
            readonly totalMs?: number;
        };
        readonly RateLimit: {
            readonly burstSeconds: number;
            readonly concurrent: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example lim_01k9… */
            readonly id: string;
            readonly inputTokensPerMinute: number | null;
            readonly outputTokensPerMinute: number | null;
            readonly requestsPerMinute: number | null;
            readonly scope: string;
            /** @enum {string} */
            readonly source: "file" | "api";
            /** @description Values and metrics in use, shown or not */
            readonly useCount: number;
            /** @description Now, what comes back last first */
            readonly uses: readonly components["schemas"]["RateUse"][];
            readonly version: number;
        };
        readonly RateLimitChange: {
            /**
             * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
             * @example 60
             */
            readonly burstSeconds?: number;
            /** @description null = no longer limited */
            readonly concurrent?: number | null;
            /** @description null = no longer limited */
            readonly inputTokensPerMinute?: number | null;
            /** @description null = no longer limited */
            readonly outputTokensPerMinute?: number | null;
            /** @description null = no longer limited */
            readonly requestsPerMinute?: number | null;
        };
        readonly RateLimitList: {
            readonly isTruncated: boolean;
            readonly rateLimits: readonly components["schemas"]["RateLimit"][];
        };
        readonly RateUse: {
            /**
             * @description When all of it will be there again
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly fullAt: string | null;
            /** @description Of this value: the strictest, where several count it */
            readonly limit: number;
            /** @enum {string} */
            readonly metric: "requests" | "input-tokens" | "output-tokens" | "streams";
            /**
             * @description The value it is counted for
             * @example key_01k9…
             */
            readonly subject: string;
            /** @description What has not come back yet; of streams, how many are under way */
            readonly used: number;
        };
        readonly ReconciliationList: {
            readonly reconciliations: readonly components["schemas"]["ReconciliationReport"][];
        };
        readonly ReconciliationReport: {
            /** @enum {string} */
            readonly by: "day" | "hour";
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly driftUsd: string;
            readonly id: string;
            readonly notes: readonly string[];
            readonly providers: readonly string[];
            /** @description Rows that differ */
            readonly rows: readonly components["schemas"]["Drift"][];
            readonly rowsCompared: number;
            readonly rowsOver: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            readonly unjudged: readonly {
                readonly provider: string;
                /** @enum {string} */
                readonly reason: "young" | "unreported";
                /** @example 2026-11-01T12:00:00.000Z */
                readonly start: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly ReconciliationRun: {
            /** @enum {string} */
            readonly by: "day" | "hour";
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly driftUsd: string;
            readonly failures: readonly {
                readonly message: string;
                readonly provider: string;
            }[];
            readonly id: string;
            readonly notes: readonly string[];
            readonly proposals: readonly components["schemas"]["Proposal"][];
            readonly providers: readonly string[];
            /** @description Rows that differ */
            readonly rows: readonly components["schemas"]["Drift"][];
            readonly rowsCompared: number;
            readonly rowsOver: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            readonly unjudged: readonly {
                readonly provider: string;
                /** @enum {string} */
                readonly reason: "young" | "unreported";
                /** @example 2026-11-01T12:00:00.000Z */
                readonly start: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly Recover: {
            /** Format: password */
            readonly recoveryKey: string;
        };
        readonly RefreshedPrices: {
            readonly added: number;
            readonly changed: number;
            readonly list: components["schemas"]["PriceList"];
            readonly models: number;
            readonly skipped: number;
        };
        readonly ReloadedConfiguration: {
            readonly added: readonly string[];
            readonly changed: readonly string[];
            readonly configuration: components["schemas"]["Configuration"];
            readonly isChanged: boolean;
            readonly removed: readonly string[];
        };
        readonly RemovedProvider: {
            /** @description Credentials of the vault that went with it */
            readonly credentials: number;
            readonly provider: components["schemas"]["DeclaredProvider"];
        };
        readonly Rerate: {
            /**
             * @description false = nothing is booked
             * @default false
             */
            readonly apply: boolean;
            /** @default false */
            readonly isUnpricedOnly: boolean;
            readonly model?: string;
            readonly provider?: string;
            /** @default prices were corrected */
            readonly reason: string;
            /**
             * @description ISO 8601 moment, or a UTC day
             * @example 2026-11-01T00:00:00Z
             */
            readonly since: string;
            /**
             * @description ISO 8601 moment, or a UTC day
             * @example 2026-11-01T00:00:00Z
             */
            readonly until?: string;
        };
        readonly Rerated: {
            /**
             * @description What is, or would be, added to the books
             * @example 0.00123
             */
            readonly differenceUsd: string;
            /** @description Attempts that were looked at */
            readonly entries: number;
            readonly id: string;
            readonly isApplied: boolean;
            readonly sums: readonly {
                readonly entries: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly isUsd: string;
                readonly model: string;
                readonly provider: string;
                readonly unpriced: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly wasUsd: string;
            }[];
            /** @description Attempts whose price is still unknown */
            readonly unknown: number;
        };
        readonly Route: {
            readonly cacheTtlSeconds: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly changedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string | null;
            readonly createdBy: string | null;
            /** @description The file that declares it */
            readonly file: string | null;
            readonly isHedged: boolean;
            readonly models: readonly {
                readonly ref: string;
                readonly weight: number;
            }[];
            readonly name: string;
            /** @description Why it leads nowhere now; null = it leads somewhere */
            readonly problem: string | null;
            readonly require: components["schemas"]["RouteRequirements"];
            /**
             * @description registry = through this API
             * @enum {string}
             */
            readonly source: "file" | "registry";
            /** @enum {string} */
            readonly strategy: "ordered" | "weighted" | "cheapest" | "fastest" | "sticky";
        };
        readonly RouteList: {
            readonly routes: readonly components["schemas"]["Route"][];
        };
        readonly RouteRequirements: {
            readonly audio?: boolean;
            readonly contextWindow?: number;
            readonly documents?: boolean;
            readonly maxPriceUsd?: {
                /**
                 * @description US dollars for a million tokens
                 * @example 2.50
                 */
                readonly input?: string;
                /**
                 * @description US dollars for a million tokens
                 * @example 2.50
                 */
                readonly output?: string;
            };
            readonly region?: string;
            readonly structuredOutput?: boolean;
            readonly thinking?: boolean;
            readonly tools?: boolean;
            readonly vision?: boolean;
        } | null;
        readonly Session: {
            /** @example ses_01k9… */
            readonly id: string;
            readonly person: components["schemas"]["Person"];
        };
        readonly SessionList: {
            /**
             * @description What was booked before this is not counted: there were too many requests since
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly completeFrom: string;
            readonly rows: readonly {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                /** @description Requests, however many attempts each took */
                readonly exchanges: number;
                readonly failedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly firstAt: string;
                readonly inputTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly lastAt: string;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                readonly sessionId: string;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly SessionTree: {
            readonly agents: readonly {
                /** @description Empty = the client named none */
                readonly agentId: string;
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                /** @description Requests, however many attempts each took */
                readonly exchanges: number;
                readonly failedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly firstAt: string;
                readonly inputTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly lastAt: string;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                readonly requests: readonly {
                    readonly attempts: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    readonly exchangeId: string;
                    readonly hasUnknownCost: boolean;
                    /** @description Of the last attempt */
                    readonly model: string;
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly startedAt: string;
                    readonly status: string;
                }[];
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
            }[];
            readonly cacheReadTokens: number;
            readonly cacheWriteTokens: number;
            /**
             * @description What was booked before this is not counted: there were too many requests since
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly completeFrom: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly costUsd: string;
            /** @description One per attempt */
            readonly entries: number;
            /** @description Entries whose tokens the provider did not report */
            readonly estimatedEntries: number;
            /** @description Requests, however many attempts each took */
            readonly exchanges: number;
            readonly failedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly firstAt: string;
            readonly inputTokens: number;
            /** @description Older requests are in the sums, but not listed */
            readonly isTruncated: boolean;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly lastAt: string;
            readonly outputTokens: number;
            readonly reasoningTokens: number;
            readonly sessionId: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            /** @description Entries without a known price; not in costUsd */
            readonly unpricedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly SignedIn: {
            /** @description A path of this installation, whatever was asked for */
            readonly next: string;
            readonly person: components["schemas"]["Person"];
        };
        readonly SignIn: {
            /** @description Six digits of the authenticator, or a recovery code */
            readonly code?: string;
            readonly email: string;
            /** @description Path that the browser wants to go on to */
            readonly next?: string;
            readonly password: string;
        };
        readonly SignInWays: {
            readonly issuers: readonly {
                readonly name: string;
            }[];
            readonly passwords: boolean;
        };
        readonly Spend: {
            /** @enum {string} */
            readonly by: "model" | "provider" | "agent" | "key" | "member";
            /** @description More rows than the limit; the total is of all */
            readonly isTruncated: boolean;
            readonly rows: readonly {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                readonly errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly label: string;
                /** @description Mean time to the first token, of attempts that have one */
                readonly meanTtftMs: number | null;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
                /** @description Empty where entries have none */
                readonly value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            readonly total: {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly StandIn: {
            /** @description Why it leads nowhere now: it is passed over. null = it leads somewhere */
            readonly problem: string | null;
            readonly ref: string;
        } | null;
        readonly Summary: {
            readonly periods: readonly {
                /** @description As much of the period before */
                readonly before: {
                    readonly cacheReadTokens: number;
                    readonly cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    /** @description One per attempt */
                    readonly entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    readonly estimatedEntries: number;
                    readonly failedEntries: number;
                    readonly inputTokens: number;
                    readonly outputTokens: number;
                    readonly reasoningTokens: number;
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly since: string;
                    /** @description Entries without a known price; not in costUsd */
                    readonly unpricedEntries: number;
                    /** @example 2026-11-01T12:00:00.000Z */
                    readonly until: string;
                };
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly outputTokens: number;
                /** @enum {string} */
                readonly period: "day" | "week" | "month";
                readonly reasoningTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly since: string;
                readonly topModel: {
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    readonly entries: number;
                    readonly value: string;
                } | null;
                readonly topProvider: {
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    readonly entries: number;
                    readonly value: string;
                } | null;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly until: string;
            }[];
            readonly timeZone: string;
        };
        readonly Task: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly endedAt: string | null;
            /** @example tsk_01k9… */
            readonly id: string;
            readonly progress: number | null;
            readonly result: string | null;
            readonly session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly startedAt: string | null;
            /** @enum {string} */
            readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
            readonly title: string;
            /** @example 2026-11-01T12:00:00.000Z */
            readonly updatedAt: string;
        };
        readonly TaskChange: {
            /** @description Per cent */
            readonly progress?: number;
            /** @description What came of it, in short */
            readonly result?: string;
            /** @description As its requests name it in x-turnpike-session: by it the cost of the task is found */
            readonly session?: string;
            /**
             * @description Only forward; what has ended stays as it is
             * @enum {string}
             */
            readonly state?: "queued" | "running" | "done" | "failed" | "cancelled";
            readonly title?: string;
        };
        readonly TaskList: {
            /** @description The `after` of the next page; null = this is the last */
            readonly next: string | null;
            readonly tasks: readonly components["schemas"]["Task"][];
        };
        readonly TestedCredentials: {
            readonly tested: readonly {
                readonly id: string;
                readonly label: string;
                readonly source: string;
                readonly trial: components["schemas"]["CredentialTrial"];
            }[];
        };
        readonly Timeline: {
            /** @enum {string} */
            readonly by: "day" | "hour";
            /** @description More rows than the limit: the newest are shown */
            readonly isTruncated: boolean;
            readonly rows: readonly {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                readonly errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                /** @description Mean time to the first token, of attempts that have one */
                readonly meanTtftMs: number | null;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly since: string;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly until: string;
                /**
                 * @description The local date, or the hour in UTC
                 * @example 2026-11-21
                 */
                readonly value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string;
            readonly timeZone: string;
            readonly total: {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly Trends: {
            /** @enum {string|null} */
            readonly by: "model" | "provider" | "agent" | "key" | "member" | null;
            readonly current: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly since: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly until: string;
            };
            readonly previous: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly since: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly until: string;
            };
            /** @description Those whose cost changed most first */
            readonly rows: readonly {
                /** @description null = there was no cost before */
                readonly costChangePercent: number | null;
                /** @example -0.50 */
                readonly costChangeUsd: string;
                readonly current: {
                    readonly cacheReadTokens: number;
                    readonly cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    /** @description One per attempt */
                    readonly entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    readonly estimatedEntries: number;
                    readonly failedEntries: number;
                    readonly inputTokens: number;
                    readonly outputTokens: number;
                    readonly reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    readonly unpricedEntries: number;
                };
                readonly entriesChange: number;
                readonly entriesChangePercent: number | null;
                readonly label: string;
                readonly previous: {
                    readonly cacheReadTokens: number;
                    readonly cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    /** @description One per attempt */
                    readonly entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    readonly estimatedEntries: number;
                    readonly failedEntries: number;
                    readonly inputTokens: number;
                    readonly outputTokens: number;
                    readonly reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    readonly unpricedEntries: number;
                };
                readonly value: string;
            }[];
            readonly timeZone: string;
            readonly total: {
                /** @description null = there was no cost before */
                readonly costChangePercent: number | null;
                /** @example -0.50 */
                readonly costChangeUsd: string;
                readonly current: {
                    readonly cacheReadTokens: number;
                    readonly cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    /** @description One per attempt */
                    readonly entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    readonly estimatedEntries: number;
                    readonly failedEntries: number;
                    readonly inputTokens: number;
                    readonly outputTokens: number;
                    readonly reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    readonly unpricedEntries: number;
                };
                readonly entriesChange: number;
                readonly entriesChangePercent: number | null;
                readonly label: string;
                readonly previous: {
                    readonly cacheReadTokens: number;
                    readonly cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    readonly costUsd: string;
                    /** @description One per attempt */
                    readonly entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    readonly estimatedEntries: number;
                    readonly failedEntries: number;
                    readonly inputTokens: number;
                    readonly outputTokens: number;
                    readonly reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    readonly unpricedEntries: number;
                };
                readonly value: string;
            };
        };
        readonly UnsetFallbackChain: {
            readonly model: string;
            readonly now: components["schemas"]["FallbackChain"] & (Record<string, never> | null);
            readonly was: readonly string[];
        };
        readonly UnsetModelRule: {
            readonly now: components["schemas"]["ModelRule"];
            readonly was: {
                readonly ref: string;
            };
        };
        readonly Usage: {
            /** @enum {string} */
            readonly by: "model" | "provider" | "key" | "agent" | "member" | "day" | "session";
            /** @description More rows than the limit; the total is of those shown */
            readonly isTruncated: boolean;
            readonly rows: readonly components["schemas"]["UsageRow"][];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly since: string | null;
            readonly total: {
                readonly cacheReadTokens: number;
                readonly cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly costUsd: string;
                /** @description One per attempt */
                readonly entries: number;
                /** @description Entries whose tokens the provider did not report */
                readonly estimatedEntries: number;
                readonly failedEntries: number;
                readonly inputTokens: number;
                readonly outputTokens: number;
                readonly reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                readonly unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            readonly until: string;
        };
        readonly UsageRow: {
            readonly cacheReadTokens: number;
            readonly cacheWriteTokens: number;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly costUsd: string;
            /** @description One per attempt */
            readonly entries: number;
            /** @description Entries whose tokens the provider did not report */
            readonly estimatedEntries: number;
            readonly failedEntries: number;
            readonly inputTokens: number;
            readonly label: string;
            readonly outputTokens: number;
            readonly reasoningTokens: number;
            /** @description Entries without a known price; not in costUsd */
            readonly unpricedEntries: number;
            /** @description Value of the dimension; empty where entries have none */
            readonly value: string;
        };
        readonly Vault: {
            /**
             * @description Tells a master key from others, and nothing of it
             * @example a23fca98ab51d165
             */
            readonly key: string | null;
            /** @enum {string} */
            readonly kind: "environment" | "file" | "keychain" | "passphrase";
            /** @description Where the master key is */
            readonly place: string;
            readonly recoveryKey: {
                readonly fingerprint: string;
                /** @description false = what the database says of it was changed: make another */
                readonly isGood: boolean;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly madeAt: string;
            } | null;
            /** @description The last change of master keys */
            readonly rotation: {
                /** @example 2026-11-01T12:00:00.000Z */
                readonly endedAt: string | null;
                readonly from: string;
                /** @example 2026-11-01T12:00:00.000Z */
                readonly startedAt: string;
                /**
                 * @description Tells a master key from others, and nothing of it
                 * @example a23fca98ab51d165
                 */
                readonly to: string;
            } | null;
            readonly rows: readonly {
                readonly isAtHand: boolean;
                readonly key: string;
                readonly secrets: number;
            }[];
            /** @description Rows that the vault has sealed */
            readonly secrets: number;
            /**
             * @description `rotating`: rows are being taken over by another master key. `waiting`: until all replicas have it. `closed`: the key at hand does not open what is sealed
             * @enum {string}
             */
            readonly state: "empty" | "open" | "rotating" | "waiting" | "closed";
            /** @description Replicas that have not got the next master key */
            readonly waitsFor: readonly string[];
        };
        readonly Verification: {
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            readonly costUsd: string;
            readonly entries: number;
            readonly isSound: boolean;
            readonly problems: readonly string[];
        };
        readonly WholeAgent: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly archivedAt: string | null;
            /** @description Those with the scope agent:<name> */
            readonly budgets: readonly components["schemas"]["Budget"][];
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string | null;
            readonly createdBy: string | null;
            readonly description: string | null;
            /** @description Where it is declared */
            readonly file: string | null;
            /**
             * @description Of an agent that a file declares its name
             * @example agt_01k9…
             */
            readonly id: string;
            /**
             * @description Its last heartbeat or booked request; requests of more than an hour ago to the hour, of more than a month ago to the day
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly lastSeenAt: string | null;
            /** @description For a request of it that names no model; null = none is named anywhere */
            readonly model: {
                /** @enum {string} */
                readonly layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                readonly ref: string;
                readonly source: string;
            } | null;
            readonly name: string;
            /** @description null = use default */
            readonly preferredModel: string | null;
            /** @description Why that model leads nowhere; null = it leads somewhere */
            readonly problem: string | null;
            /** @enum {string} */
            readonly source: "file" | "registry";
            /** @description Of everything that was booked under its name; months are those of UTC */
            readonly spend: {
                readonly monthRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly monthUsd: string;
                readonly totalRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                readonly totalUsd: string;
                /** @description Requests of unknown price; they are not in the sums */
                readonly unpriced: number;
            };
            /**
             * @description online: seen within 90 seconds; idle: within 15 minutes
             * @enum {string}
             */
            readonly state: "online" | "idle" | "offline";
            /** @description Of an agent that a file declares it is in that file */
            readonly systemPrompt: string | null;
        };
        readonly Workspace: {
            /** @example 2026-11-01T12:00:00.000Z */
            readonly createdAt: string;
            /** @example ws_01k9… */
            readonly id: string;
            readonly name: string;
            /**
             * @description Since when nobody gets in; null = it is in use
             * @example 2026-11-01T12:00:00.000Z
             */
            readonly suspendedAt: string | null;
        };
        readonly WorkspaceList: {
            readonly workspaces: readonly components["schemas"]["OwnWorkspace"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly "agents.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                /** @description Archived ones too */
                readonly archived?: "true" | "false";
                readonly limit?: number;
                /** @description In the name, in any case */
                readonly q?: string;
                readonly source?: "file" | "registry";
                readonly state?: "online" | "idle" | "offline";
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The agents */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The agent */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewAgent"];
            };
        };
        readonly responses: {
            /** @description The agent */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description End or cancel tasks that nobody works on; archive agents that are not used. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The agent */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The agent as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description What to change */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AgentChange"];
            };
        };
        readonly responses: {
            /** @description The agent as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.heartbeats.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The heartbeats */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentEventList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.heartbeats.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description What to report */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Heartbeat"];
            };
        };
        readonly responses: {
            /** @description Heard */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Heard"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.model.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description The model */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AgentModel"];
            };
        };
        readonly responses: {
            /** @description The agent as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                readonly limit?: number;
                readonly state?: "queued" | "running" | "done" | "failed" | "cancelled";
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The tasks */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TaskList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description What to report */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewTask"];
            };
        };
        readonly responses: {
            /** @description The task */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description End or cancel tasks that nobody works on; archive agents that are not used. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
                readonly taskId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The task */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
                readonly taskId: string;
            };
            readonly cookie?: never;
        };
        /** @description What to report */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TaskChange"];
            };
        };
        readonly responses: {
            /** @description The task as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Report a new task: what has ended stays as it is, and nothing goes back. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.events.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
                readonly taskId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentEventList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "agents.tasks.events.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
                readonly taskId: string;
            };
            readonly cookie?: never;
        };
        /** @description What to report */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewTaskEvent"];
            };
        };
        readonly responses: {
            /** @description The event */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentEvent"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "alerts.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The alerts */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "alerts.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What each said */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertTest"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "aliases.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The aliases */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AliasList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "aliases.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The alias */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "aliases.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        /** @description The alias */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewAlias"];
            };
        };
        readonly responses: {
            /** @description The alias */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description The alias */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "aliases.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.errors.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                readonly by?: "provider" | "model";
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rows */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Errors"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.overview.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The stretch */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.projections.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description Where days, weeks and months begin */
                readonly timeZone?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Three periods */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Projections"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.sessions.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly order?: "cost" | "recent";
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sessions */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.sessions.read": {
        readonly parameters: {
            readonly query?: {
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionTree"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-agent.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Dearest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-day.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description Where days, weeks and months begin */
                readonly timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description In order of time */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-hour.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description Where days, weeks and months begin */
                readonly timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description In order of time */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-key.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Dearest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-member.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Dearest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-model.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Dearest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.spend.by-provider.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Dearest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.summary.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                /** @description Id of a key */
                readonly key?: string;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                readonly provider?: string;
                /** @description Where days, weeks and months begin */
                readonly timeZone?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Three periods */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "analytics.trends.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Empty = what came from no agent */
                readonly agent?: string;
                readonly by?: "model" | "provider" | "agent" | "key" | "member";
                /** @description Id of a key */
                readonly key?: string;
                readonly limit?: number;
                /** @description Empty = what belongs to no member */
                readonly member?: string;
                /** @description With or without its provider before it */
                readonly model?: string;
                /** @description Default: month */
                readonly period?: "day" | "week" | "month";
                readonly provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description Where days, weeks and months begin */
                readonly timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Trends"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "audit.list": {
        readonly parameters: {
            readonly query?: {
                /** @description One action, or all of a noun: budgets.* */
                readonly action?: string;
                /** @description Id of who did it */
                readonly actor?: string;
                readonly after?: string;
                readonly limit?: number;
                readonly outcome?: "done" | "refused" | "failed";
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description Id of what it was done to */
                readonly target?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The events */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "audit.export.list": {
        readonly parameters: {
            readonly query?: {
                /** @description One action, or all of a noun: budgets.* */
                readonly action?: string;
                /** @description Id of who did it */
                readonly actor?: string;
                readonly format?: "jsonl" | "csv";
                readonly outcome?: "done" | "refused" | "failed";
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description Id of what it was done to */
                readonly target?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One line per event; an answer that is cut off is not whole */
            readonly 200: {
                headers: {
                    readonly "x-turnpike-audit-head": string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/jsonl": string;
                    readonly "text/csv": string;
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "audit.verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["AuditVerify"];
            };
        };
        readonly responses: {
            /** @description What was found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditProof"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.oidc.callback.list": {
        readonly parameters: {
            readonly query?: {
                readonly state?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description On to where it wanted to go; back to the page of signing in where it is not let in */
            readonly 302: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Set public_url to where browsers open this installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.oidc.start.list": {
        readonly parameters: {
            readonly query?: {
                readonly next?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description To the issuer; back to the page of signing in where that cannot be */
            readonly 302: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Set public_url to where browsers open this installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The present one and the next */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PasswordChange"];
            };
        };
        readonly responses: {
            /** @description Changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Who it is */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PasswordReset"];
            };
        };
        readonly responses: {
            /** @description Shown this once */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewPassword"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.session.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.sessions.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sessions */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.sessions.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Ended */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.sign-in": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Who it is */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SignIn"];
            };
        };
        readonly responses: {
            /** @description Signed in */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in at an issuer of sign_in.oidc; sign_in.password switches passwords on. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.sign-out": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Signed out */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.totp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The password */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OwnPassword"];
            };
        };
        readonly responses: {
            /** @description Shown this once */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Authenticator"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Switch the authenticator off first (DELETE /auth/totp). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.totp.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The password */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OwnPassword"];
            };
        };
        readonly responses: {
            /** @description Off */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Begin with one first (POST /auth/totp). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.totp.verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description A code */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AuthenticatorCode"];
            };
        };
        readonly responses: {
            /** @description On */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Begin with one first (POST /auth/totp). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "auth.ways.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The ways */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignInWays"];
                };
            };
        };
    };
    readonly "budgets.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Archived ones too */
                readonly archived?: "true" | "false";
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The budgets */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BudgetList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewBudget"];
            };
        };
        readonly responses: {
            /** @description The budget */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The budget */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The archived budget */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again; an archived one is made anew. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "budgets.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BudgetChange"];
            };
        };
        readonly responses: {
            /** @description The budget as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again; an archived one is made anew. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "config.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The configuration */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Configuration"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "config.reload": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What has changed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReloadedConfiguration"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct what the message names; the last good state serves on. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "credentials.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The credentials */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CredentialList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "credentials.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The credential */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewCredential"];
            };
        };
        readonly responses: {
            /** @description The credential, and what the provider said */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MadeCredential"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct it, or save it all the same with `isForced` (`turnpike credentials set --force`). */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "credentials.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "credentials.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description The change */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CredentialChange"];
            };
        };
        readonly responses: {
            /** @description The credential */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "credentials.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Which */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CredentialTest"];
            };
        };
        readonly responses: {
            /** @description What each showed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TestedCredentials"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "events.live.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Goes on after this event; browsers send it by themselves */
                readonly "last-event-id"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Events until either side ends it; see docs/guide/api.md */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Close other listeners of this workspace, or read the lists instead. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "exchanges.list": {
        readonly parameters: {
            readonly query?: {
                readonly key?: string;
                readonly limit?: number;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExchangeList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "exchanges.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The exchange */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExplainedExchange"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "exchanges.content.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Both sides */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExchangeContent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "health.list": {
        readonly parameters: {
            readonly query?: {
                readonly changes?: number | null;
                readonly provider?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Health */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "health.drain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Drain"];
            };
        };
        readonly responses: {
            /** @description The provider now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProviderHealth"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "health.reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly provider?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HealthReset"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "installation.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The installation */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Installation"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "invitations.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The invitations */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "invitations.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The guest */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewInvitation"];
            };
        };
        readonly responses: {
            /** @description The invitation and its link */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MadeInvitation"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change the role of the member instead. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "invitations.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The invitation as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "invitations.accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The link, and who is new */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        readonly responses: {
            /** @description What one is a member of now */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Joined"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in with the address the invitation was sent to, or ask for one to yours. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask for a new invitation: a link is good once, and for a while. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change the role of the member instead. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "invitations.show": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The link */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["InvitationToken"];
            };
        };
        readonly responses: {
            /** @description The invitation */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask for a new invitation: a link is good once, and for a while. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.list": {
        readonly parameters: {
            readonly query?: {
                readonly after?: string;
                readonly agent?: string;
                /** @description Honeypots instead of keys; for admins */
                readonly honeypots?: "true" | "false";
                readonly limit?: number;
                /** @description Those of one member */
                readonly member?: string;
                /** @description How the name begins */
                readonly name?: string;
                /** @description What stands in name, description, tags or preview; it has no wildcards */
                readonly search?: string;
                readonly state?: "active" | "expired" | "revoked";
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of keys */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewKey"];
            };
        };
        readonly responses: {
            /** @description The key and its token */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Revoke keys that are used no more. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["KeyChange"];
            };
        };
        readonly responses: {
            /** @description The key as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make a new key; one that has expired may be given a later end first. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "keys.rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["KeyRotation"];
            };
        };
        readonly responses: {
            /** @description The key and its new token */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make a new key; one that has expired may be given a later end first. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.export.list": {
        readonly parameters: {
            readonly query?: {
                readonly format?: "csv" | "jsonl";
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One line per entry; an answer that is cut off is not whole */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/jsonl": string;
                    readonly "text/csv": string;
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.proposals.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
                readonly state?: "open" | "accepted" | "dismissed";
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The proposals */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProposalList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.proposals.accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description As it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Proposal"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the open proposals; a new reconciliation replaces those of its days. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.proposals.dismiss": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description As it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Proposal"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the open proposals; a new reconciliation replaces those of its days. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.reconcile": {
        readonly parameters: {
            readonly query?: {
                readonly by?: "day" | "hour";
                readonly provider?: string;
                /** @description Default: 7 days ago */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReconciliationRun"];
                };
            };
            /** @description Give the provider an admin_key; see docs/guide/reconciliation.md. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait for the run that goes on, then ask again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.reconciliations.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The runs */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReconciliationList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "ledger.verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was found */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "llm.providers.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The providers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProviderModels"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The caller */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The change */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["MeChange"];
            };
        };
        readonly responses: {
            /** @description The caller as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.export.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description JSON lines, each with its `kind`; an answer that is cut off is not whole */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/jsonl": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.preferences.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description As it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.preferences.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The preferences */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewPreferences"];
            };
        };
        readonly responses: {
            /** @description As it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "me.preferences.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description As it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The members */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MemberList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Who it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description The change */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["MemberChange"];
            };
        };
        readonly responses: {
            /** @description The member as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.erase": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["EraseMember"];
            };
        };
        readonly responses: {
            /** @description What was taken away */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErasedMember"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "members.export.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description JSON lines, each with its `kind`; an answer that is cut off is not whole */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/jsonl": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "models.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Only models that cost an explicit zero */
                readonly free?: boolean;
                /** @description Ask OpenRouter and Ollama for their own lists where the last ones are a minute old */
                readonly live?: boolean;
                /** @description US dollars per million tokens that neither input nor output costs more than */
                readonly max_price?: string;
                readonly provider?: string;
                /** @description Words that ref or name must have */
                readonly q?: string;
                /** @description Only models known to think */
                readonly thinking?: boolean;
                /** @description Only models known to call tools */
                readonly tools?: boolean;
                /** @description Only models known to see images */
                readonly vision?: boolean;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The models; with words, the best match first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "owner-link.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The link */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OwnerLink"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask the owner for an invitation (`turnpike members invite`). */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.list": {
        readonly parameters: {
            readonly query?: {
                /** @description Ended ones too */
                readonly archived?: "true" | "false";
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The prices */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Prices"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The price */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewPrice"];
            };
        };
        readonly responses: {
            /** @description The price */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PriceOverride"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.remove": {
        readonly parameters: {
            readonly query?: {
                /** @description It was a mistake from its beginning */
                readonly neverHeld?: "true" | "false";
            };
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The price as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PriceOverride"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.model.list": {
        readonly parameters: {
            readonly query: {
                readonly ref: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The prices of the model */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PricedModel"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.refresh": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it brought */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RefreshedPrices"];
                };
            };
            /** @description Name one under prices.refresh in turnpike.yaml and start again. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct what the message names; the last good list stays in use. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prices.rerate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description Which entries */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Rerate"];
            };
        };
        readonly responses: {
            /** @description The differences */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Rerated"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait for the run that goes on, then ask again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "privacy.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The terms */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Privacy"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "privacy.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The terms */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PrivacyTerms"];
            };
        };
        readonly responses: {
            /** @description The terms as they are now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Privacy"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "privacy.content.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How many exchanges it was of */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErasedContent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "prompts.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The prompts */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PromptList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The providers */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProviderList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The provider */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewProvider"];
            };
        };
        readonly responses: {
            /** @description The provider */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Name an address of the public internet, or let an operator allow its host and port under egress.allow in turnpike.yaml. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The provider */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RemovedProvider"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        /** @description The change */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ProviderChange"];
            };
        };
        readonly responses: {
            /** @description The provider */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Name an address of the public internet, or let an operator allow its host and port under egress.allow in turnpike.yaml. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "providers.test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it showed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ProviderTest"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rate-limits.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rate limits */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RateLimitList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rate-limits.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewRateLimit"];
            };
        };
        readonly responses: {
            /** @description The rate limit */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rate-limits.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "rate-limits.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RateLimitChange"];
            };
        };
        readonly responses: {
            /** @description The rate limit as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routes.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The routes */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routes.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routes.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        /** @description The route */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewRoute"];
            };
        };
        readonly responses: {
            /** @description The route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Route"];
                };
            };
            /** @description The route */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routes.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.cheapest.list": {
        readonly parameters: {
            readonly query?: {
                /** @description What the model must be known to have */
                readonly capabilities?: string;
                readonly input_tokens?: number | null;
                readonly limit?: number;
                readonly output_tokens?: number | null;
                readonly provider?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The models */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Cheapest"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.config.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The configuration */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelsConfig"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.explain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DryRunQuery"];
            };
        };
        readonly responses: {
            /** @description What would be */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.fallback.list": {
        readonly parameters: {
            readonly query?: {
                /** @description An alias, a route, provider/model or a bare id */
                readonly model?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The settings */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Fallback"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.fallback-chain.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                /** @description An alias, a route, provider/model or a bare id */
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The chain */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FallbackChain"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.fallback-chain.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                /** @description An alias, a route, provider/model or a bare id */
                readonly model: string;
            };
            readonly cookie?: never;
        };
        /** @description The chain */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewFallbackChain"];
            };
        };
        readonly responses: {
            /** @description The chain */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FallbackChain"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.fallback-chain.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                /** @description An alias, a route, provider/model or a bare id */
                readonly model: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was, and what holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UnsetFallbackChain"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.fallback-chains.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The chains */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FallbackChainList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.rules.list": {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rules */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelRuleList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.rules.read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rule */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelRule"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.rules.set": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description The model */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewModelRule"];
            };
        };
        readonly responses: {
            /** @description The rule as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ModelRule"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "routing.rules.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was, and what holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UnsetModelRule"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "usage.list": {
        readonly parameters: {
            readonly query?: {
                readonly by?: "model" | "provider" | "key" | "agent" | "member" | "day" | "session";
                readonly limit?: number;
                /** @description ISO 8601 moment, or a UTC day */
                readonly since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                readonly until?: string;
            };
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sums */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description Correct the query parameter the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "vault.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The vault */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "vault.forget": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description How many rows */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ForgottenSecrets"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "vault.recover": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The recovery key */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Recover"];
            };
        };
        readonly responses: {
            /** @description The vault */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Read the recovery key (TPR1-…) again from where it was written down, and compare its fingerprint. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "vault.recovery-key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The recovery key */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MadeRecoveryKey"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "vault.rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The vault */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workspaces */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkspaceList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.create": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The workspace */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        readonly responses: {
            /** @description The workspace */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workspace as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.suspend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workspace as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.current.list": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workspace */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.current.remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it was */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly "workspaces.current.change": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                readonly "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                readonly "x-turnpike-workspace"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description The workspace */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        readonly responses: {
            /** @description The workspace as it is now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Correct the field the message names. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
