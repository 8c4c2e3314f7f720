/** Made from the routes of the admin API; held equal to them by test/client-doc.test.ts. Not to be changed by hand. */
export interface paths {
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Agents by name, with when each was last seen and what it spent */
        get: operations["agents.list"];
        put?: never;
        /** Make an agent, with its budgets or not at all */
        post: operations["agents.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One agent by its id or name, with its system prompt and its budgets */
        get: operations["agents.read"];
        put?: never;
        post?: never;
        /** Archive an agent: it counts no more; what was booked for it stays, and so do its budgets */
        delete: operations["agents.remove"];
        options?: never;
        head?: never;
        /** Change what is said of an agent; another name is another agent */
        patch: operations["agents.change"];
        trace?: never;
    };
    "/api/v1/agents/{id}/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest heartbeats that said something, newest first */
        get: operations["agents.heartbeats.list"];
        put?: never;
        /** The agent is there; with a message it is kept */
        post: operations["agents.heartbeats.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** The model that an agent prefers; null = use default. Of an agent that a file declares it is a rule on top */
        put: operations["agents.model.set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tasks, newest first */
        get: operations["agents.tasks.list"];
        put?: never;
        /** Report a task */
        post: operations["agents.tasks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agents/{id}/tasks/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One task */
        get: operations["agents.tasks.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Report how a task goes on; the same report twice changes nothing */
        patch: operations["agents.tasks.change"];
        trace?: never;
    };
    "/api/v1/agents/{id}/tasks/{taskId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was reported of a task, newest first */
        get: operations["agents.tasks.events.list"];
        put?: never;
        /** Report something of a task */
        post: operations["agents.tasks.events.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts of the last thirty days, newest first, with what became of them at each sink */
        get: operations["alerts.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test through every sink now */
        post: operations["alerts.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Aliases of the files and of the workspace */
        get: operations["aliases.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/aliases/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alias */
        get: operations["aliases.read"];
        /** Declare an alias of the workspace; the one there was is replaced */
        put: operations["aliases.set"];
        post?: never;
        /** Remove an alias of the workspace */
        delete: operations["aliases.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Errors and latencies by provider or model, most errors first */
        get: operations["analytics.errors.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One stretch of time: requests, tokens, cost, errors, latencies (default: 30 days) */
        get: operations["analytics.overview.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What day, week and month will have cost at their end */
        get: operations["analytics.projections.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions of a stretch of time and what they cost in it (default: 7 days) */
        get: operations["analytics.sessions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session in a stretch of time (default: 7 days): its agents and their requests */
        get: operations["analytics.sessions.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by agent (default: 30 days) */
        get: operations["analytics.spend.by-agent.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by day (default: 30 days) */
        get: operations["analytics.spend.by-day.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-hour": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by hour (default: today) */
        get: operations["analytics.spend.by-hour.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by key (default: 30 days) */
        get: operations["analytics.spend.by-key.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-member": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by member (default: 30 days) */
        get: operations["analytics.spend.by-member.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by model (default: 30 days) */
        get: operations["analytics.spend.by-model.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/spend/by-provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by provider (default: 30 days) */
        get: operations["analytics.spend.by-provider.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Today, this week and this month, each beside as much of the one before */
        get: operations["analytics.summary.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stretch of time beside the one before: a period so far, or since and until */
        get: operations["analytics.trends.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what in this workspace, newest first */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of this workspace, oldest first, as JSON lines or CSV */
        get: operations["audit.export.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove the chain of events anew: of this workspace, for operators of every workspace */
        post: operations["audit.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/{name}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where an issuer sends the browser back to */
        get: operations["auth.oidc.callback.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/{name}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Go to an issuer to sign in there */
        get: operations["auth.oidc.start.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the own password; all other sessions end */
        post: operations["auth.password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace the password of somebody who has lost it; its sessions end, and its authenticator is off */
        post: operations["auth.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in by this browser */
        get: operations["auth.session.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller’s own sessions, newest first */
        get: operations["auth.sessions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of the caller’s own sessions */
        delete: operations["auth.sessions.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in by password; the answer brings the cookie of a new session */
        post: operations["auth.sign-in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session of this browser */
        post: operations["auth.sign-out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin with an authenticator; it counts when a code of it was verified */
        post: operations["auth.totp"];
        /** Do without an authenticator again */
        delete: operations["auth.totp.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show that the authenticator works; signing in wants a code from then on */
        post: operations["auth.totp.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people can sign in here */
        get: operations["auth.ways.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Budgets by name, with their open windows */
        get: operations["budgets.list"];
        put?: never;
        /** Make a budget */
        post: operations["budgets.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One budget, with its open windows */
        get: operations["budgets.read"];
        put?: never;
        post?: never;
        /** Archive a budget: it counts no more, and its windows stay */
        delete: operations["budgets.remove"];
        options?: never;
        head?: never;
        /** Change a budget; requests under way are not touched, a new calendar begins with the next window */
        patch: operations["budgets.change"];
        trace?: never;
    };
    "/api/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files, revision, and what of the files is not in force, and why */
        get: operations["config.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/config/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the files now */
        post: operations["config.reload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Credentials of all providers in the order of use, masked */
        get: operations["credentials.list"];
        put?: never;
        /** Try a credential against its provider, and seal it in the vault */
        post: operations["credentials.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a credential from the vault, secret and all */
        delete: operations["credentials.remove"];
        options?: never;
        head?: never;
        /** Change the share of a credential, or take it out of use and back */
        patch: operations["credentials.change"];
        trace?: never;
    };
    "/api/v1/credentials/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try credentials against their provider; nothing of it is billed */
        post: operations["credentials.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events of this workspace: exchange, budget, health, task, registry, and for admins audit */
        get: operations["events.live.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exchanges by when they were booked last, newest first */
        get: operations["exchanges.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exchanges/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One exchange with its ledger entries and its decision record */
        get: operations["exchanges.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exchanges/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an exchange said and was answered, where the workspace has that kept */
        get: operations["exchanges.content.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this process knows of its providers and deployments, and what has changed lately */
        get: operations["health.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a provider out of use, or put it back; what runs may end */
        post: operations["health.drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Forget what deployments showed: breakers close, limits and disabled credentials are tried again */
        post: operations["health.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/installation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version, uptime, durability, revision and the state of the ledger */
        get: operations["installation.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations to the workspace, newest first */
        get: operations["invitations.list"];
        put?: never;
        /** Invite somebody, in the place of an open invitation of the same address; good for seven days */
        post: operations["invitations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take an invitation back; of one that was accepted nothing changes */
        delete: operations["invitations.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Become a member, as who is signed in or as somebody new */
        post: operations["invitations.accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the link of an invitation leads to */
        post: operations["invitations.show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Virtual keys, newest first */
        get: operations["keys.list"];
        put?: never;
        /** Make a virtual key, with budgets and a rate limit of its own */
        post: operations["keys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One virtual key */
        get: operations["keys.read"];
        put?: never;
        post?: never;
        /** Revoke a virtual key, with all its tokens */
        delete: operations["keys.remove"];
        options?: never;
        head?: never;
        /** Change a virtual key; it counts for the next request */
        patch: operations["keys.change"];
        trace?: never;
    };
    "/api/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a virtual key a new token; the old one may work on for a while */
        post: operations["keys.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every entry of a stretch of time, as CSV or JSON lines */
        get: operations["ledger.export.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proposed adjustments, newest first */
        get: operations["ledger.proposals.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/proposals/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Book the proposed adjustment, once */
        post: operations["ledger.proposals.accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/proposals/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set the proposal aside */
        post: operations["ledger.proposals.dismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare the ledger with the providers' bills; books nothing */
        post: operations["ledger.reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Earlier runs, newest first */
        get: operations["ledger.reconciliations.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add up the whole ledger anew and compare */
        post: operations["ledger.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/llm/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Providers with their models, and the health of both */
        get: operations["llm.providers.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is, and where it may act */
        get: operations["me.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the caller’s own name */
        patch: operations["me.change"];
        trace?: never;
    };
    "/api/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is held of the caller in this workspace, without secrets */
        get: operations["me.export.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller prefers; null = as the workspace has it */
        get: operations["me.preferences.list"];
        /** Set all of what the caller prefers; what is left out is as the workspace has it */
        put: operations["me.preferences.set"];
        post?: never;
        /** Use the default: in all as the workspace has it */
        delete: operations["me.preferences.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members of the workspace, by when they came */
        get: operations["members.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a member; its keys end with it */
        delete: operations["members.remove"];
        options?: never;
        head?: never;
        /** Change the role of a member, or suspend it; it counts from its next request */
        patch: operations["members.change"];
        trace?: never;
    };
    "/api/v1/members/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove a member and take away what tells who it was; cannot be undone */
        post: operations["members.erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is held of a member, without secrets */
        get: operations["members.export.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every model, alias and route that can be asked for */
        get: operations["models.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/owner-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A link that makes its finder the first owner, in the place of the one before; good for a day */
        post: operations["owner-link.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The price list, and the prices that were set beside it */
        get: operations["prices.list"];
        put?: never;
        /** Set a price */
        post: operations["prices.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a price that was set; it stays for what was booked by it */
        delete: operations["prices.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one model costs now, by service tier, and what it has cost */
        get: operations["prices.model.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the price list that the configuration names */
        post: operations["prices.refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prices/rerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Price entries anew and, where asked to, book the differences */
        post: operations["prices.rerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/privacy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is kept of what requests say, and for how long */
        get: operations["privacy.list"];
        /** Say what is kept from now on; what is kept already stays until its time is over */
        put: operations["privacy.set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/privacy/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Shred all that is kept of what requests said; cannot be undone */
        delete: operations["privacy.content.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prompt files, the models they want, and what is wrong with them */
        get: operations["prompts.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Configured providers */
        get: operations["providers.list"];
        put?: never;
        /** Declare a provider of the workspace; its keys are saved in the vault */
        post: operations["providers.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A provider that the workspace declared */
        get: operations["providers.read"];
        put?: never;
        post?: never;
        /** Remove a provider of the workspace, and what the vault holds for it */
        delete: operations["providers.remove"];
        options?: never;
        head?: never;
        /** Change a provider of the workspace; its address only while it has no credential */
        patch: operations["providers.change"];
        trace?: never;
    };
    "/api/v1/providers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a provider, of whatever source, a question that costs nothing */
        post: operations["providers.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rate-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rate limits by scope, with what is used of them now */
        get: operations["rate-limits.list"];
        put?: never;
        /** Make a rate limit; a scope has at most one */
        post: operations["rate-limits.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rate-limits/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a rate limit: it limits nothing any more */
        delete: operations["rate-limits.remove"];
        options?: never;
        head?: never;
        /** Change a rate limit; what is used of it stays used */
        patch: operations["rate-limits.change"];
        trace?: never;
    };
    "/api/v1/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Routes of the files and of the workspace */
        get: operations["routes.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One route */
        get: operations["routes.read"];
        /** Declare a route of the workspace; the one there was is replaced */
        put: operations["routes.set"];
        post?: never;
        /** Remove a route of the workspace */
        delete: operations["routes.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/cheapest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cheapest reachable models for a need, with what one request would cost */
        get: operations["routing.cheapest.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that decides which model answers, with the source of each value */
        get: operations["routing.config.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which model a request would get, why, and who would be asked; nothing is sent */
        post: operations["routing.explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/fallback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether others may answer, and who would for a model */
        get: operations["routing.fallback.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/fallback-chain/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fallback chain of a model */
        get: operations["routing.fallback-chain.read"];
        /** Set the fallback chain of a model, whoever serves it */
        put: operations["routing.fallback-chain.set"];
        post?: never;
        /** Take away the chain that was set; what files say, or what is built in, holds again */
        delete: operations["routing.fallback-chain.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/fallback-chains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every fallback chain: set here, of files, and built in */
        get: operations["routing.fallback-chains.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model of every prompt that any layer speaks of, and which layer says so */
        get: operations["routing.rules.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routing/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model of one prompt, of a kind (agent:*), or of what names none (default) */
        get: operations["routing.rules.read"];
        /** Set the model of a prompt */
        put: operations["routing.rules.set"];
        post?: never;
        /** Take away what was set of a prompt; what files say of it stays */
        delete: operations["routing.rules.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens and cost by model, provider, key, agent, member, day or session */
        get: operations["usage.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the vault stands: its master key by name, the last change of it, the recovery key */
        get: operations["vault.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take out what no master key at hand opens; cannot be undone */
        post: operations["vault.forget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new master key in place of a lost one */
        post: operations["vault.recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault/recovery-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a recovery key in place of the one there was; it is shown this once */
        post: operations["vault.recovery-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have another master key take over; answers when every row is its own */
        post: operations["vault.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The workspaces the caller may act in, the one used last first; for operators all */
        get: operations["workspaces.list"];
        put?: never;
        /** Make a workspace; a person who does so owns it */
        post: operations["workspaces.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a workspace; its keys end, its books stay */
        delete: operations["workspaces.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a suspended workspace back into use */
        post: operations["workspaces.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let nobody into a workspace, and refuse its keys */
        post: operations["workspaces.suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The workspace that this request acts in */
        get: operations["workspaces.current.list"];
        put?: never;
        post?: never;
        /** Delete the workspace that this request acts in; its keys end, its books stay */
        delete: operations["workspaces.current.remove"];
        options?: never;
        head?: never;
        /** Give the workspace that this request acts in another name */
        patch: operations["workspaces.current.change"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptInvitation: {
            /**
             * Format: email
             * @description Only where the invitation names none
             * @example ada@example.com
             */
            email?: string | undefined;
            name?: string | undefined;
            password?: string | undefined;
            /** @description As it stands in the link */
            token: string;
        };
        Agent: {
            /** @example 2026-11-01T12:00:00.000Z */
            archivedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string | null;
            createdBy: string | null;
            description: string | null;
            /** @description Where it is declared */
            file: string | null;
            /**
             * @description Of an agent that a file declares its name
             * @example agt_01k9…
             */
            id: string;
            /**
             * @description Its last heartbeat or booked request; requests of more than an hour ago to the hour, of more than a month ago to the day
             * @example 2026-11-01T12:00:00.000Z
             */
            lastSeenAt: string | null;
            /** @description For a request of it that names no model; null = none is named anywhere */
            model: {
                /** @enum {string} */
                layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                ref: string;
                source: string;
            } | null;
            name: string;
            /** @description null = use default */
            preferredModel: string | null;
            /** @description Why that model leads nowhere; null = it leads somewhere */
            problem: string | null;
            /** @enum {string} */
            source: "file" | "registry";
            /** @description Of everything that was booked under its name; months are those of UTC */
            spend: {
                monthRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                monthUsd: string;
                totalRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                totalUsd: string;
                /** @description Requests of unknown price; they are not in the sums */
                unpriced: number;
            };
            /**
             * @description online: seen within 90 seconds; idle: within 15 minutes
             * @enum {string}
             */
            state: "online" | "idle" | "offline";
        };
        AgentChange: {
            description?: (string | null) | undefined;
            /** @description What `turnpike ask --agent` puts above a question */
            systemPrompt?: (string | null) | undefined;
        };
        AgentEvent: {
            /** @example 2026-11-01T12:00:00.000Z */
            at: string;
            /** @example tev_01k9… */
            id: string;
            /** @enum {string} */
            kind: "note" | "progress" | "tool" | "warning" | "error" | "heartbeat" | "state";
            message: string | null;
        };
        AgentEventList: {
            events: components["schemas"]["AgentEvent"][];
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
        };
        AgentList: {
            agents: components["schemas"]["Agent"][];
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
        };
        AgentModel: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /**
             * @description null = use default: whatever the layers below say
             * @example openai/gpt-4o
             */
            model: string | null;
        };
        Alert: {
            /** @example 2026-11-01T12:00:00.000Z */
            at: string;
            /** @description As webhooks carry it, without the projection */
            data: {
                [key: string]: unknown;
            };
            deliveries: components["schemas"]["AlertDelivery"][];
            /** @description Dedupe key: the webhook-id of its webhooks */
            id: string;
            isDone: boolean;
            title: string;
            /** @example budget.threshold */
            topic: string;
        };
        AlertDelivery: {
            attempts: number;
            lastError: string | null;
            /**
             * @description When it is tried again
             * @example 2026-11-01T12:00:00.000Z
             */
            nextAt: string | null;
            /** @example webhook:hooks.example.com:1f6b2a90 */
            sink: string;
            /** @enum {string} */
            state: "waiting" | "failing" | "taken" | "given_up";
            /** @example 2026-11-01T12:00:00.000Z */
            takenAt: string | null;
        };
        AlertList: {
            alerts: components["schemas"]["Alert"][];
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
        };
        AlertTest: {
            sinks: {
                isTaken: boolean;
                /** @example answered 204 */
                said: string;
                sink: string;
                tookMs: number;
            }[];
        };
        Alias: {
            /** @example 2026-11-01T12:00:00.000Z */
            changedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string | null;
            createdBy: string | null;
            /** @description The file that declares it */
            file: string | null;
            name: string;
            /** @description Why it leads nowhere now; null = it leads somewhere */
            problem: string | null;
            ref: string;
            /**
             * @description registry = through this API
             * @enum {string}
             */
            source: "file" | "registry";
        };
        AliasList: {
            aliases: components["schemas"]["Alias"][];
        };
        AuditEvent: {
            /** @example budgets.create */
            action: string;
            actor: {
                address: string | null;
                /**
                 * @description Empty = nobody who is known
                 * @example mem_01k9…
                 */
                id: string;
                name: string;
                role: string | null;
                /** @example session */
                via: string;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            at: string;
            /** @description The request, and what it changed; secrets are left out */
            detail: {
                [key: string]: unknown;
            };
            hash: string | null;
            /** @example aud_01k9… */
            id: string;
            /** @enum {string} */
            outcome: "done" | "refused" | "failed";
            /** @description In the chain of the workspace; null = not linked yet */
            position: number | null;
            /** @description Id of what it was done to */
            target: string | null;
        };
        AuditList: {
            events: components["schemas"]["AuditEvent"][];
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
        };
        /** @description A place in the chain: all up to there has this hash */
        AuditPlace: {
            /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
            hash: string;
            position: number;
        };
        AuditProof: {
            chains: {
                /** @description Events up to here were taken away as old; 0 = none were */
                cutAt: number;
                events: number;
                head: components["schemas"]["AuditPlace"];
                isSound: boolean;
                problems: string[];
                /** @description Too new to be in the chain: nothing proves them yet */
                unlinked: number;
                workspace: string;
            }[];
            isSound: boolean;
        };
        AuditVerify: {
            expected?: components["schemas"]["AuditPlace"] | undefined;
        };
        Authenticator: {
            /** @description Each signs in once instead of a code */
            recoveryCodes: string[];
            /**
             * @description For the authenticator
             * @example otpauth://totp/…
             */
            uri: string;
        };
        AuthenticatorCode: {
            code: string;
        };
        Budget: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            action: "block" | "warn";
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            alerts: number[];
            anchorDay: number;
            /** @example 2026-11-01T12:00:00.000Z */
            archivedAt: string | null;
            /**
             * @description When timeZone and anchorDay begin to count; null = they do
             * @example 2026-11-01T12:00:00.000Z
             */
            calendarChangesAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example bud_01k9… */
            id: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            limitUsd: string;
            /** @enum {string} */
            mode: "worst-case" | "incremental";
            name: string;
            outputCap: number | null;
            period: string;
            queueMs: number;
            scope: string;
            /** @enum {string} */
            source: "file" | "api";
            timeZone: string;
            version: number;
            /** @description Open now, shown or not */
            windowCount: number;
            /** @description Open now, the fullest first */
            windows: components["schemas"]["BudgetWindow"][];
        };
        BudgetChange: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            action?: ("block" | "warn") | undefined;
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            alerts?: number[] | undefined;
            anchorDay?: number | undefined;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
             * @example 25
             */
            limitUsd?: string | undefined;
            /** @enum {string} */
            mode?: ("worst-case" | "incremental") | undefined;
            name?: string | undefined;
            /** @description null = the policy of the gateway */
            outputCap?: (number | null) | undefined;
            queueMs?: number | undefined;
            timeZone?: string | undefined;
        };
        BudgetList: {
            budgets: components["schemas"]["Budget"][];
            isTruncated: boolean;
        };
        BudgetWindow: {
            /** @example 2026-11-01T12:00:00.000Z */
            blockedAt: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            limitUsd: string;
            /** @description Attempts that cost more than was reserved for them */
            overruns: number;
            /** @description At the pace of late; null = there is too little to go by */
            projection: {
                /**
                 * @description Pace of the last hours or days, or of the whole window
                 * @enum {string}
                 */
                basis: "recent" | "window";
                /**
                 * @description null = it is reached already, or not before the reset
                 * @example 2026-11-01T12:00:00.000Z
                 */
                limitReachedAt: string | null;
                /**
                 * @description Spent when it resets; of rolling periods what they come to; null = it never resets
                 * @example 0.00123
                 */
                spentUsd: string | null;
            } | null;
            refusals: number;
            /**
             * @description Below 0 where more was spent than the limit is now
             * @example 0.00123
             */
            remainingUsd: string;
            requests: number;
            /**
             * @description Held for requests under way
             * @example 0.00123
             */
            reservedUsd: string;
            /**
             * @description When some of it comes back; null = never
             * @example 2026-11-01T12:00:00.000Z
             */
            resetsAt: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            spentUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            start: string;
            /**
             * @description The value it is counted for
             * @example coder
             */
            subject: string;
        };
        Cheapest: {
            capabilities: string[];
            inputTokens: number;
            /** @description Cheapest first */
            models: {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                model: components["schemas"]["Model"];
                ref: string;
            }[];
            outputTokens: number;
            /** @description Models that would do, but whose price nobody knows */
            unpriced: number;
        };
        /** @description null where no layers choose (embeddings, files) */
        ChoiceRecord: {
            /** @description The layer that won */
            layer: string;
            /** @description Every layer, highest first */
            layers: components["schemas"]["LayerAnswer"][];
            /** @example agent:code-reviewer */
            prompt: string | null;
            /** @description header, agent-header, client-header, fingerprint, key or step */
            promptBy: string | null;
        } | null;
        Configuration: {
            files: string[];
            /** @example 2026-11-01T12:00:00.000Z */
            loadedAt: string;
            pendingRestart: string[];
            problem: {
                /** @example 2026-11-01T12:00:00.000Z */
                at: string;
                message: string;
            } | null;
            reloads: {
                done: number;
                failed: number;
            };
            revision: number;
            warnings: string[];
        };
        ContentSide: {
            /** @description Of the whole */
            bytes: number;
            /** @description Only its beginning is kept */
            isCut: boolean;
            /** @description The pieces of a stream, put together */
            isFolded: boolean;
            /**
             * @description `left-out`: it could not be looked through, so that nothing of it was kept
             * @enum {string}
             */
            kind: "text" | "base64" | "left-out";
            /** @description Stretches that were taken out */
            redactions: number;
            text: string;
        };
        Credential: {
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string | null;
            /**
             * @description `installation`: of the environment or a file, which all workspaces use
             * @enum {string}
             */
            holder: "installation" | "workspace" | "member";
            /** @example cred_01k9… */
            id: string;
            label: string;
            /** @example 2026-11-01T12:00:00.000Z */
            lastUsedAt: string | null;
            /** @description Whose it is, where it is a member’s */
            memberId: string | null;
            /** @description Its first 7 and last 4 characters */
            preview: string;
            provider: string;
            /** @description 0 = used first; null = not used */
            rank: number | null;
            /**
             * @description `vault`, `file` or `env NAME`
             * @example vault
             */
            source: string;
            /** @enum {string} */
            state: "active" | "disabled" | "unused" | "unreadable";
            /**
             * @description When its provider last took it, as far as was tried
             * @example 2026-11-01T12:00:00.000Z
             */
            validatedAt: string | null;
            weight: number;
        };
        CredentialChange: {
            isDisabled?: boolean | undefined;
            weight?: number | undefined;
        };
        CredentialList: {
            credentials: components["schemas"]["Credential"][];
        };
        CredentialTest: {
            /** @description Absent = all that are in use and that the caller may change */
            id?: string | undefined;
            /**
             * @description As under `providers`, or a kind
             * @example openai
             */
            provider: string;
        };
        CredentialTrial: {
            /** @enum {string} */
            kind: "good" | "refused" | "unclear";
            /** @description What the provider said; no part of the secret is in it */
            message: string;
        };
        DecidedAttempt: {
            errorClass: string | null;
            lane: string;
            latencyMs: number | null;
            /** @description Canonical provider/model */
            model: string;
            number: number;
            /** @description null = unknown, stated by the provider, or not needed */
            price: {
                /** @example 2026-11-01T12:00:00.000Z */
                effectiveFrom: string;
                serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                source: string;
                tiers: {
                    aboveInputTokens: number;
                    usdPerCall: {
                        [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    usdPerMillion: {
                        [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    usdPerRequest: string | null;
                }[];
            } | null;
            replyLosses: components["schemas"]["Losses"];
            requestLosses: components["schemas"]["Losses"];
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string;
            status: string;
            upstreamFormat: string | null;
        };
        DecisionRecord: {
            /** @description Model ref as it was chosen; null where the call names none */
            asked: string | null;
            attempts: components["schemas"]["DecidedAttempt"][];
            budgets: {
                id: string;
                name: string;
                subject: string;
                /** @example 2026-11-01T12:00:00.000Z */
                windowStart: string;
            }[];
            choice: components["schemas"]["ChoiceRecord"];
            /** @enum {string} */
            operation: "chat" | "embeddings" | "relay-only";
            /** @description null = there was but one */
            order: {
                ref: string;
                /** @description model_fallback, chain, default; null = asked for */
                standIn: string | null;
            }[] | null;
            overheadMs: number | null;
            phases: {
                /** @description Until the body was read */
                bodyMs: number;
                /** @description Of the last attempt, until its first byte */
                firstByteMs: number | null;
                /** @description In the ledger before the last attempt, with waiting for a budget */
                heldMs: number;
                /** @description Until it was booked */
                totalMs: number;
            } | null;
            revision: number | null;
            skipped: {
                note: string | null;
                reason: string;
                ref: string;
            }[];
            workspace: string;
        };
        DeclaredProvider: {
            autoCache: boolean;
            baseUrl: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            changedAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            createdBy: string;
            formats: string[] | null;
            /** @description Their names; values are not shown again */
            headers: string[];
            kind: string;
            models: string[];
            name: string;
            /** @description Why it serves nothing now; null = it does */
            problem: string | null;
            settings: components["schemas"]["ProviderSettings"];
            /** @enum {string|null} */
            streamUsage: "ask" | "leave" | null;
            timeouts: components["schemas"]["ProviderTimeouts"];
        };
        DeploymentHealth: {
            /** @description Empty = the provider has but one, or none */
            credential: string;
            /** @description Smoothed */
            firstByteMs: number | null;
            inFlight: number;
            /** @example 2026-11-01T12:00:00.000Z */
            lastFailedAt: string | null;
            /** @description Of the last 200 first bytes; null = too few */
            p95FirstByteMs: number | null;
            provider: string;
            reason: string | null;
            /** @example anthropic/claude-opus-4-1 */
            ref: string;
            /** @enum {string} */
            state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            /**
             * @description When the state ends by itself
             * @example 2026-11-01T12:00:00.000Z
             */
            until: string | null;
        };
        Done: {
            /** @enum {boolean} */
            isDone: true;
        };
        Drain: {
            isDraining: boolean;
            provider: string;
        };
        Drift: {
            /** @description They add up to driftUsd */
            causes: {
                cause: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                usd: string;
            }[];
            /**
             * @description What the provider bills, less what is booked
             * @example 0.00123
             */
            driftUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            end: string;
            /** @description More than 1 % and more than $1 */
            isOver: boolean;
            /** @description Used without an API key: not by any gateway */
            keylessTokens: number;
            /** @description null = for no model: calls of built-in tools */
            model: string | null;
            /** @description Names of the same model compared together */
            otherNames: string[];
            ours: {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                tokens: {
                    audioInput: number;
                    audioOutput: number;
                    cacheRead: number;
                    cacheWrite1h: number;
                    cacheWrite5m: number;
                    input: number;
                    output: number;
                };
            };
            provider: string;
            /** @example 2026-11-01T12:00:00.000Z */
            start: string;
            theirs: {
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string | null;
                tokens: {
                    audioInput: number;
                    audioOutput: number;
                    cacheRead: number;
                    cacheWrite1h: number;
                    cacheWrite5m: number;
                    input: number;
                    output: number;
                };
            };
        };
        DryRun: {
            asked: string | null;
            candidates: {
                formats: string[];
                health: {
                    p95FirstByteMs: number | null;
                    reason: string | null;
                    state: string;
                    /** @example 2026-11-01T12:00:00.000Z */
                    until: string | null;
                };
                /** @description Would be asked now, if those before it failed */
                isAsked: boolean;
                /** @description null = unknown */
                price: {
                    /** @example 2026-11-01T12:00:00.000Z */
                    effectiveFrom: string;
                    serviceTier: string;
                    /**
                     * @description catalog, refreshed, operator, sandbox, local
                     * @example catalog
                     */
                    source: string;
                    tiers: {
                        aboveInputTokens: number;
                        usdPerCall: {
                            [key: string]: string;
                        };
                        /**
                         * @example {
                         *       "input": "3.00",
                         *       "output": "15.00"
                         *     }
                         */
                        usdPerMillion: {
                            [key: string]: string;
                        };
                        /**
                         * @description US dollars, exact decimal
                         * @example 0.00123
                         */
                        usdPerRequest: string | null;
                    }[];
                } | null;
                ref: string;
                standIn: string | null;
            }[];
            choice: components["schemas"]["ChoiceRecord"];
            /** @description null = it would be sent */
            refusal: {
                /** @example record_unknown */
                code: string;
                fix: string;
                message: string;
            } | null;
            revision: number;
            skipped: {
                note: string | null;
                reason: string;
                ref: string;
            }[];
        };
        DryRunQuery: {
            agent?: string | undefined;
            capabilities?: ("tools" | "vision" | "documents" | "audio" | "thinking" | "structured-output" | "prompt-cache")[] | undefined;
            inputTokens?: number | undefined;
            key?: string | undefined;
            model?: string | undefined;
            outputTokens?: number | undefined;
            pipeline?: string | undefined;
            /** @example command:oss:ship */
            prompt?: string | undefined;
            requestModel?: string | undefined;
            session?: string | undefined;
            step?: string | undefined;
        };
        Entry: {
            attempt: number;
            cacheReadTokens: number;
            cacheWriteTokens: number;
            /**
             * @description null = the price is unknown
             * @example 0.00123
             */
            costUsd: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            errorClass: string | null;
            flags: string[];
            httpStatus: number | null;
            id: string;
            inputTokens: number;
            isEstimated: boolean;
            kind: string;
            lane: string;
            latencyMs: number | null;
            /** @description Canonical provider/model */
            model: string;
            outputTokens: number;
            reasoningTokens: number;
            status: string;
            stop: string | null;
            ttftMs: number | null;
            upstreamRequestId: string | null;
        };
        ErasedContent: {
            exchanges: number;
        };
        ErasedMember: {
            /** @description Exchanges whose content was shredded */
            contents: number;
            credentials: number;
            /** @description false = the person is a member elsewhere, too */
            isPersonErased: boolean;
            /** @description Revoked, and their names cleared */
            keys: number;
            memberId: string;
        };
        EraseMember: {
            /** @description The id of the member, once more */
            confirm: string;
        };
        Errors: {
            /** @enum {string} */
            by: "provider" | "model";
            rows: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                latency: components["schemas"]["Latencies"];
                /** @description Mean time to the first token, of attempts that have one */
                meanTtftMs: number | null;
                outputTokens: number;
                reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
                value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        Exchange: {
            agent: string | null;
            clientFormat: string;
            /**
             * @description Sum of the entries; null where one has no known price
             * @example 0.00123
             */
            costUsd: string | null;
            endUser: string | null;
            entries: components["schemas"]["Entry"][];
            /** @example exc_01k9… */
            id: string;
            key: string;
            model: string;
            session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string;
            status: string;
        };
        ExchangeContent: {
            clientFormat: string;
            exchangeId: string;
            httpStatus: number | null;
            /** @enum {string} */
            mode: "redacted" | "full";
            reply: components["schemas"]["ContentSide"];
            request: components["schemas"]["ContentSide"];
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string;
        };
        ExchangeList: {
            exchanges: components["schemas"]["Exchange"][];
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
        };
        ExplainedExchange: {
            agent: string | null;
            clientFormat: string;
            /**
             * @description Sum of the entries; null where one has no known price
             * @example 0.00123
             */
            costUsd: string | null;
            decision: components["schemas"]["DecisionRecord"];
            endUser: string | null;
            entries: components["schemas"]["Entry"][];
            /** @example exc_01k9… */
            id: string;
            key: string;
            model: string;
            session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string;
            status: string;
        };
        Fallback: components["schemas"]["FallbackSettings"] & {
            /** @description Who would be tried for `model`, in order, before health and filters */
            tried: (components["schemas"]["StandIn"] & {
                /** @enum {string} */
                by: "ref" | "chain" | "default";
                source: string;
            })[] | null;
        };
        FallbackChain: {
            /**
             * @description As the catalog files it
             * @example anthropic/claude-sonnet-4-5
             */
            model: string;
            /** @example built-in */
            source: string;
            /** @description In order; none = nobody stands in for it */
            standIns: components["schemas"]["StandIn"][];
        };
        FallbackChainList: {
            chains: components["schemas"]["FallbackChain"][];
            isEnabled: boolean;
        };
        FallbackSettings: {
            /** @description What a prompt's own rule names to be tried counts */
            allowsNamed: boolean;
            default: components["schemas"]["StandIn"];
            /** @description Others than the chosen model may answer: chains and the default count */
            isEnabled: boolean;
            onContentFilter: boolean;
        };
        ForgottenSecrets: {
            forgotten: number;
            vault: components["schemas"]["Vault"];
        };
        Health: {
            /** @description Of all processes, newest first */
            changes: components["schemas"]["HealthChange"][];
            deployments: components["schemas"]["DeploymentHealth"][];
            providers: components["schemas"]["ProviderHealth"][];
            /** @description Retries into what is unwell that could be made now */
            retriesLeft: number;
        };
        HealthChange: {
            /** @example 2026-11-01T12:00:00.000Z */
            at: string;
            credential: string;
            /** @enum {string} */
            from: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            id: string;
            provider: string;
            reason: string;
            ref: string;
            /** @description The process that saw it; empty = there is but one */
            replica: string;
            /** @enum {string} */
            to: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining";
            /** @example 2026-11-01T12:00:00.000Z */
            until: string | null;
        };
        HealthReset: {
            forgotten: number;
        };
        Heard: {
            /** @enum {boolean} */
            isHeard: true;
        };
        Heartbeat: {
            message?: string | undefined;
        };
        Installation: {
            database: string;
            durability: string;
            formats: string[];
            home: string;
            ledger: {
                isWritable: boolean;
                lastError?: string | undefined;
                openReservations: number;
                pendingSettles: number;
            };
            /** @enum {string} */
            product: "turnpike";
            revision: number;
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string;
            uptimeMs: number;
            version: string;
        };
        Invitation: {
            /** @example 2026-11-01T12:00:00.000Z */
            acceptedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            email: string;
            /** @example 2026-11-01T12:00:00.000Z */
            expiresAt: string;
            /** @example inv_01k9… */
            id: string;
            invitedBy: string;
            /** @description Who the guest became */
            memberId: string | null;
            /** @enum {string} */
            role: "viewer" | "member" | "admin" | "owner";
            /** @enum {string} */
            state: "open" | "accepted" | "revoked" | "expired";
        };
        InvitationList: {
            invitations: components["schemas"]["Invitation"][];
            isTruncated: boolean;
        };
        InvitationToken: {
            /** @description As it stands in the link */
            token: string;
        };
        Joined: {
            /** @description The answer brings a cookie that says who it is */
            isSignedIn: boolean;
            memberId: string;
            /** @enum {string} */
            role: "viewer" | "member" | "admin" | "owner";
            workspace: components["schemas"]["Workspace"];
        };
        Key: {
            agent: string | null;
            /** @description null = every call */
            allowedFormats: string[] | null;
            /** @description null = every model */
            allowedModels: string[] | null;
            /** @description null = from everywhere */
            allowedRanges: string[] | null;
            /** @description Of this key alone */
            budgets: {
                /** @enum {string} */
                action: "block" | "warn";
                id: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                limitUsd: string;
                name: string;
                period: string;
            }[];
            /** @description Answers may be given to it again for so long; 0 = never, null = where its route says so */
            cacheTtlMs: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            defaultModel: string | null;
            description: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            expiresAt: string | null;
            /** @example key_01k9… */
            id: string;
            isHoneypot: boolean;
            /**
             * @description Some minutes late
             * @example 2026-11-01T12:00:00.000Z
             */
            lastUsedAt: string | null;
            member: string | null;
            name: string;
            /** @description Tokens it had before that work yet */
            oldTokens: {
                /** @example 2026-11-01T12:00:00.000Z */
                lastUsedAt: string | null;
                preview: string;
                /** @example 2026-11-01T12:00:00.000Z */
                replacedAt: string;
                /** @example 2026-11-01T12:00:00.000Z */
                worksUntil: string;
            }[];
            /** @description Beginning and end of the token */
            preview: string;
            /** @description Of this key alone */
            rateLimit: {
                burstSeconds: number;
                concurrent: number | null;
                id: string;
                inputTokensPerMinute: number | null;
                outputTokensPerMinute: number | null;
                requestsPerMinute: number | null;
            } | null;
            /** @example 2026-11-01T12:00:00.000Z */
            revokedAt: string | null;
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            tags: string[];
        };
        /** @description null = as if it had never been said */
        KeyChange: {
            /** @description Name of an agent, or the id of one of the workspace */
            agent?: (string | null) | undefined;
            /**
             * @description Calls by the names of docs/guide/keys.md, or chat or embeddings for all of those
             * @example [
             *       "anthropic-messages",
             *       "embeddings"
             *     ]
             */
            allowedFormats?: (string[] | null) | undefined;
            /** @description Absent = every model */
            allowedModels?: (string[] | null) | undefined;
            /** @description Absent = from everywhere */
            allowedRanges?: (string[] | null) | undefined;
            cacheTtlMs?: (number | null) | undefined;
            defaultModel?: (string | null) | undefined;
            /** @description On one line */
            description?: (string | null) | undefined;
            /** Format: date-time */
            expiresAt?: (string | null) | undefined;
            /**
             * @description Whose it is
             * @example mem_01k9…
             */
            member?: (string | null) | undefined;
            name?: string | undefined;
            tags?: (string[] | null) | undefined;
        };
        KeyList: {
            keys: components["schemas"]["Key"][];
            /** @description What to ask for next, as `after`; null = no more */
            next: string | null;
        };
        KeyRotation: {
            /**
             * @description How long the old token works on, at most 30 days
             * @default 0
             */
            overlapSeconds?: number | undefined;
        };
        Latencies: {
            /** @description null = nothing was measured */
            p50Ms: number | null;
            /** @description null = nothing was measured */
            p95Ms: number | null;
            /** @description null = nothing was measured */
            p99Ms: number | null;
        };
        LayerAnswer: {
            /** @example project */
            layer: string;
            /** @description null = it says nothing of this request */
            ref: string | null;
            /** @description Where that is written */
            source: string | null;
        };
        Loss: {
            /** @enum {string} */
            kind: "dropped" | "approximated";
            note: string;
            /**
             * @description Canonical names
             * @example turns[2].parts[0].cache
             */
            path: string;
        };
        /** @description null = nothing is known of them */
        Losses: {
            named: components["schemas"]["Loss"][];
            /** @description How many more there were */
            unnamed: number;
        } | null;
        MadeCredential: {
            credential: components["schemas"]["Credential"];
            isReplaced: boolean;
            trial: components["schemas"]["CredentialTrial"];
        };
        MadeInvitation: {
            invitation: components["schemas"]["Invitation"];
            /** @description Shown this once; only a hash of what is in it is kept */
            link: string;
        };
        MadeKey: {
            key: components["schemas"]["Key"];
            /** @description Shown this once; only its hash is kept */
            token: string;
        };
        MadeRecoveryKey: {
            /**
             * @description Shown this once, and kept nowhere
             * @example TPR1-0000-…
             */
            recoveryKey: string;
            vault: components["schemas"]["Vault"];
        };
        Me: {
            /** @description As the audit names it */
            id: string;
            /** @description May change the installation itself */
            isOperator: boolean;
            /** @enum {string} */
            kind: "person" | "operator" | "service";
            memberId: string | null;
            name: string;
            person: {
                /** @example 2026-11-01T12:00:00.000Z */
                createdAt: string;
                email: string;
                hasPassword: boolean;
                hasTotp: boolean;
                id: string;
            } | null;
            /**
             * @description In that workspace; null = none
             * @enum {string|null}
             */
            role: "viewer" | "member" | "admin" | "owner" | null;
            /** @description The one that this request acted in */
            workspaceId: string;
            /** @description Of a person, the one used last first */
            workspaces: {
                id: string;
                /** @description The workspace, or the caller in it */
                isSuspended: boolean;
                memberId: string;
                name: string;
                /** @enum {string} */
                role: "viewer" | "member" | "admin" | "owner";
            }[];
        };
        MeChange: {
            name: string;
        };
        Member: {
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @description For admins, and the member itself; null = not shown */
            email: string | null;
            /** @example mem_01k9… */
            id: string;
            isSelf: boolean;
            /**
             * @description For admins; null = never, or not shown
             * @example 2026-11-01T12:00:00.000Z
             */
            lastSignInAt: string | null;
            /** @description Empty = the person is erased */
            name: string;
            /** @enum {string} */
            role: "viewer" | "member" | "admin" | "owner";
            /** @example 2026-11-01T12:00:00.000Z */
            suspendedAt: string | null;
        };
        MemberChange: {
            isSuspended?: boolean | undefined;
            /** @enum {string} */
            role?: ("viewer" | "member" | "admin" | "owner") | undefined;
        };
        MemberList: {
            isTruncated: boolean;
            members: components["schemas"]["Member"][];
        };
        Model: {
            /** @description Known to be there */
            capabilities: string[];
            contextWindow: number | null;
            /** @description Every token and request costs an explicit zero */
            isFree: boolean;
            /** @description Its provider lists it right now */
            isLive: boolean;
            /** @description Runs on the operator's own machines */
            isLocal: boolean;
            /** @enum {string} */
            kind: "model" | "alias" | "route";
            /** @description Known not to be there; the rest is not known */
            lacks: string[];
            leadsTo: string[];
            maxOutputTokens: number | null;
            name: string | null;
            /** @description null = unknown, which is not free */
            price: {
                /** @example 2026-11-01T12:00:00.000Z */
                effectiveFrom: string;
                serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                source: string;
                tiers: {
                    aboveInputTokens: number;
                    usdPerCall: {
                        [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    usdPerMillion: {
                        [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    usdPerRequest: string | null;
                }[];
            } | null;
            /** @description null = it is an alias or a route */
            provider: string | null;
            /** @example anthropic/claude-sonnet-4-5 */
            ref: string;
        };
        ModelList: {
            /** @description Lists of providers that were asked for theirs */
            lists: {
                /**
                 * @description null = it was never read
                 * @example 2026-11-01T12:00:00.000Z
                 */
                listedAt: string | null;
                models: number;
                /** @description Why the last reading failed */
                problem: string | null;
                provider: string;
            }[];
            models: components["schemas"]["Model"][];
            priceList: components["schemas"]["PriceList"];
        };
        ModelRule: {
            /** @description For a request that names no model itself; null = none is named anywhere */
            effective: {
                fallback: string[];
                /** @enum {string} */
                layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                ref: string;
                source: string;
            } | null;
            /**
             * @description agent:* = every agent without a rule of its own; default = where nothing else names a model
             * @example agent:oss:code-reviewer
             */
            id: string;
            /** @description Those that say something of it, highest first */
            layers: {
                /** @enum {string} */
                layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                ref: string;
                source: string;
            }[];
            /** @description Why the effective model leads nowhere; null = it leads somewhere */
            problem: string | null;
            /** @description What was set here */
            setting: {
                /** @example 2026-11-01T12:00:00.000Z */
                createdAt: string;
                createdBy: string;
                fallback: string[];
                ref: string;
            } | null;
        };
        ModelRuleList: {
            isTruncated: boolean;
            rules: components["schemas"]["ModelRule"][];
        };
        ModelsConfig: {
            fallback: components["schemas"]["FallbackSettings"];
            isTruncated: boolean;
            names: {
                /** @enum {string} */
                kind: "alias" | "route";
                name: string;
                refs: string[];
                source: string | null;
                strategy: string | null;
            }[];
            /** @description Refs that lead nowhere here, and what is missing */
            problems: {
                problem: string;
                ref: string;
                source: string;
            }[];
            rules: components["schemas"]["ModelRule"][];
            steps: {
                agent: string | null;
                name: string;
                number: number;
                pipeline: string;
                /** @description null = its agent decides */
                ref: string | null;
                source: string | null;
            }[];
        };
        NewAgent: {
            /**
             * @description Made with it, all of its own scope
             * @default []
             */
            budgets?: {
                /**
                 * @description At the limit: nothing more is sent, or it is only told
                 * @enum {string}
                 */
                action?: ("block" | "warn") | undefined;
                /**
                 * @description Per cents of the limit
                 * @example [
                 *       50,
                 *       80,
                 *       100
                 *     ]
                 */
                alerts?: number[] | undefined;
                anchorDay?: number | undefined;
                /**
                 * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
                 * @example 25
                 */
                limitUsd: string;
                /** @enum {string} */
                mode?: ("worst-case" | "incremental") | undefined;
                name?: string | undefined;
                outputCap?: number | undefined;
                /**
                 * @description day, week, month, total or rolling:<hours> (1 to 744)
                 * @example month
                 */
                period: string;
                queueMs?: number | undefined;
                timeZone?: string | undefined;
            }[] | undefined;
            description?: string | undefined;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /**
             * @description The model it prefers
             * @example openai/gpt-4o
             */
            model?: string | undefined;
            /**
             * @description What keys, budgets and requests name it by
             * @example oss:code-reviewer
             */
            name: string;
            /** @description What `turnpike ask --agent` puts above a question */
            systemPrompt?: string | undefined;
        };
        NewAlias: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /**
             * @description An alias, a route, provider/model or a bare id
             * @example openai/gpt-4o
             */
            ref: string;
        };
        NewBudget: {
            /**
             * @description At the limit: nothing more is sent, or it is only told
             * @enum {string}
             */
            action?: ("block" | "warn") | undefined;
            /**
             * @description Per cents of the limit
             * @example [
             *       50,
             *       80,
             *       100
             *     ]
             */
            alerts?: number[] | undefined;
            anchorDay?: number | undefined;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
             * @example 25
             */
            limitUsd: string;
            /** @enum {string} */
            mode?: ("worst-case" | "incremental") | undefined;
            name?: string | undefined;
            outputCap?: number | undefined;
            /**
             * @description day, week, month, total or rolling:<hours> (1 to 744)
             * @example month
             */
            period: string;
            queueMs?: number | undefined;
            /**
             * @description workspace, or one of member, agent, key, end-user, provider, model, session, pipeline followed by :<id> or :*; keys by their id (key_…), models as provider/model
             * @example agent:coder
             */
            scope: string;
            timeZone?: string | undefined;
        };
        NewCredential: {
            /**
             * @description `workspace`: its admins save it, all of it use it. `me`: the caller’s own, used before the workspace’s
             * @default workspace
             * @enum {string}
             */
            holder?: ("workspace" | "me") | undefined;
            /**
             * @description Save it whatever the provider says
             * @default false
             */
            isForced?: boolean | undefined;
            /**
             * @description One of the same provider and label is replaced
             * @default default
             */
            label?: string | undefined;
            /**
             * @description As under `providers`, or a kind
             * @example openai
             */
            provider: string;
            /**
             * Format: password
             * @description Sealed in the vault; never shown again
             */
            secret: string;
            /** @default 1 */
            weight?: number | undefined;
        };
        NewFallbackChain: {
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /** @description In order; an empty list = nobody stands in for it */
            refs: string[];
        };
        NewInvitation: {
            /**
             * Format: email
             * @example ada@example.com
             */
            email: string;
            /** @enum {string} */
            role: "viewer" | "member" | "admin" | "owner";
        };
        NewKey: {
            /** @description Name of an agent, or the id of one of the workspace */
            agent?: string | undefined;
            /**
             * @description Calls by the names of docs/guide/keys.md, or chat or embeddings for all of those
             * @example [
             *       "anthropic-messages",
             *       "embeddings"
             *     ]
             */
            allowedFormats?: string[] | undefined;
            /** @description Absent = every model */
            allowedModels?: string[] | undefined;
            /** @description Absent = from everywhere */
            allowedRanges?: string[] | undefined;
            /** @description Of the key alone, made together with it */
            budgets?: {
                /**
                 * @description At the limit: nothing more is sent, or it is only told
                 * @enum {string}
                 */
                action?: ("block" | "warn") | undefined;
                /**
                 * @description Per cents of the limit
                 * @example [
                 *       50,
                 *       80,
                 *       100
                 *     ]
                 */
                alerts?: number[] | undefined;
                anchorDay?: number | undefined;
                /**
                 * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50
                 * @example 25
                 */
                limitUsd: string;
                /** @enum {string} */
                mode?: ("worst-case" | "incremental") | undefined;
                name?: string | undefined;
                outputCap?: number | undefined;
                /**
                 * @description day, week, month, total or rolling:<hours> (1 to 744)
                 * @example month
                 */
                period: string;
                queueMs?: number | undefined;
                timeZone?: string | undefined;
            }[] | undefined;
            cacheTtlMs?: number | undefined;
            defaultModel?: string | undefined;
            /** @description On one line */
            description?: string | undefined;
            /** Format: date-time */
            expiresAt?: string | undefined;
            /** @description It lets nobody in, and its use raises an alert: to be left where only thieves look */
            isHoneypot?: boolean | undefined;
            /**
             * @description Whose it is
             * @example mem_01k9…
             */
            member?: string | undefined;
            name: string;
            /** @description Of the key alone, made together with it */
            rateLimit?: {
                /**
                 * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
                 * @example 60
                 */
                burstSeconds?: number | undefined;
                concurrent?: number | undefined;
                inputTokensPerMinute?: number | undefined;
                outputTokensPerMinute?: number | undefined;
                requestsPerMinute?: number | undefined;
            } | undefined;
            tags?: string[] | undefined;
        };
        NewModelRule: {
            /** @description Refs to try after it, in order */
            fallback?: string[] | undefined;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /**
             * @description A model ref; inherit = leave it to the layers below
             * @example openai/gpt-4o
             */
            model: string;
        };
        NewPassword: {
            password: string;
        };
        NewPreferences: {
            /**
             * @default {
             *       "isEnabled": null,
             *       "models": null
             *     }
             */
            fallback?: {
                /** @default null */
                isEnabled?: (boolean | null) | undefined;
                /**
                 * @description Tried after the model, where what names it names none
                 * @default null
                 */
                models?: (string[] | null) | undefined;
            } | undefined;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /**
             * @description For every chat of the own keys, before what else is set or asked for
             * @default null
             * @example openai/gpt-4o
             */
            model?: (string | null) | undefined;
            /**
             * @description US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50; of all own keys together, a calendar month in UTC
             * @default null
             * @example 25
             */
            monthlyBudgetUsd?: (string | null) | undefined;
            /**
             * @description Asked first where several serve a model that is named without a provider
             * @default null
             */
            provider?: (string | null) | undefined;
        };
        NewPrice: {
            /**
             * @description Default: now
             * @example 2026-11-01T00:00:00Z
             */
            effectiveFrom?: (string) | undefined;
            /** @default false */
            isFree?: boolean | undefined;
            /**
             * @description As the provider calls it; * = all of its models
             * @example gpt-4o
             */
            model: string;
            /** @example openai */
            provider: string;
            /**
             * @description standard, batch, flex, priority or another name a provider reports; * for all
             * @default *
             */
            serviceTier?: string | undefined;
            /** @default [] */
            tiers?: {
                /** @default 0 */
                aboveInputTokens?: number | undefined;
                usdPerCall?: {
                    [key: string]: string;
                } | undefined;
                usdPerMillion: {
                    audioInput?: string | undefined;
                    audioOutput?: string | undefined;
                    cacheRead?: string | undefined;
                    cacheWrite1h?: string | undefined;
                    cacheWrite5m?: string | undefined;
                    input?: string | undefined;
                    output?: string | undefined;
                    reasoning?: string | undefined;
                };
                usdPerRequest?: string | undefined;
            }[] | undefined;
        };
        NewProvider: {
            autoCache?: boolean | undefined;
            /**
             * @description As the vendor's own SDK takes it; of the public internet, or allowed by the operator. Absent = the kind's
             * @example https://models.example.com/v1
             */
            baseUrl?: string | undefined;
            formats?: ("anthropic-messages" | "openai-chat" | "openai-responses" | "gemini-generate" | "ollama-chat")[] | undefined;
            /**
             * @description Sent with every request; none that carries a secret. They are not shown again
             * @default {}
             */
            headers?: {
                [key: string]: string;
            } | undefined;
            /** @example openai-compatible */
            kind: string;
            /** @default [] */
            models?: string[] | undefined;
            /** @example fast */
            name: string;
            settings?: components["schemas"]["ProviderSettings"] | undefined;
            /** @enum {string} */
            streamUsage?: ("ask" | "leave") | undefined;
            timeouts?: components["schemas"]["ProviderTimeouts"] | undefined;
        };
        NewRateLimit: {
            /**
             * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
             * @example 60
             */
            burstSeconds?: number | undefined;
            concurrent?: number | undefined;
            inputTokensPerMinute?: number | undefined;
            outputTokensPerMinute?: number | undefined;
            requestsPerMinute?: number | undefined;
            /**
             * @description workspace, or one of member, agent, key, deployment followed by :<id> or :* (each for itself); keys by their id (key_…), deployments as provider/model
             * @example key:*
             */
            scope: string;
        };
        NewRoute: {
            cacheTtlSeconds?: number | undefined;
            /**
             * @description Also where a ref leads nowhere now
             * @default false
             */
            force?: boolean | undefined;
            /** @default false */
            isHedged?: boolean | undefined;
            models: (string | {
                /**
                 * @description An alias, a route, provider/model or a bare id
                 * @example openai/gpt-4o
                 */
                ref: string;
                /**
                 * @description 0 = only when the others fail
                 * @default 1
                 */
                weight?: number | undefined;
            })[];
            require?: components["schemas"]["RouteRequirements"] | undefined;
            /**
             * @default ordered
             * @enum {string}
             */
            strategy?: ("ordered" | "weighted" | "cheapest" | "fastest" | "sticky") | undefined;
        };
        NewTask: {
            /** @description Per cent */
            progress?: number | undefined;
            /** @description What came of it, in short */
            result?: string | undefined;
            /** @description As its requests name it in x-turnpike-session: by it the cost of the task is found */
            session?: string | undefined;
            /**
             * @default queued
             * @enum {string}
             */
            state?: ("queued" | "running" | "done" | "failed" | "cancelled") | undefined;
            title: string;
        };
        NewTaskEvent: {
            /**
             * @default note
             * @enum {string}
             */
            kind?: ("note" | "progress" | "tool" | "warning" | "error") | undefined;
            message: string;
        };
        NewWorkspace: {
            name: string;
        };
        OpenInvitation: {
            /** @description null = it makes the first owner, whoever that is */
            email: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            expiresAt: string;
            /** @description Somebody with that address is to sign in to accept */
            isKnown: boolean;
            /** @enum {string} */
            role: "viewer" | "member" | "admin" | "owner";
            workspace: string;
        };
        Overview: {
            audioInputTokens: number;
            audioOutputTokens: number;
            cacheReadTokens: number;
            cacheWriteTokens: number;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            costUsd: string;
            /** @description One per attempt */
            entries: number;
            /**
             * @description failedEntries / entries
             * @example 0.02
             */
            errorRate: number;
            /** @description Entries whose tokens the provider did not report */
            estimatedEntries: number;
            failedEntries: number;
            inputTokens: number;
            latency: components["schemas"]["Latencies"];
            /** @description Mean time to the first token, of attempts that have one */
            meanTtftMs: number | null;
            outputTokens: number;
            reasoningTokens: number;
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            /** @description Entries without a known price; not in costUsd */
            unpricedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        OwnerLink: {
            /** @example 2026-11-01T12:00:00.000Z */
            expiresAt: string;
            /** @description Shown this once; only a hash of what is in it is kept */
            link: string;
        };
        OwnPassword: {
            password: string;
        };
        OwnWorkspace: {
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example ws_01k9… */
            id: string;
            /** @description The one that this request acted in */
            isCurrent: boolean;
            name: string;
            /**
             * @description The caller’s; null = it is no member of it
             * @enum {string|null}
             */
            role: "viewer" | "member" | "admin" | "owner" | null;
            /**
             * @description Since when nobody gets in; null = it is in use
             * @example 2026-11-01T12:00:00.000Z
             */
            suspendedAt: string | null;
        };
        PasswordChange: {
            current: string;
            next: string;
        };
        PasswordReset: {
            email: string;
        };
        Person: {
            email: string;
            /** @example per_01k9… */
            id: string;
            name: string;
        };
        Preferences: {
            /** @description Of the budget that holds the limit */
            budgetId: string | null;
            fallback: {
                /** @description null = as the workspace has it */
                isEnabled: boolean | null;
                models: string[] | null;
            };
            model: string | null;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            monthlyBudgetUsd: string | null;
            provider: string | null;
            /**
             * @description null = nothing was ever said
             * @example 2026-11-01T12:00:00.000Z
             */
            updatedAt: string | null;
        };
        PricedModel: {
            effective: {
                /** @description null = unknown; of a tier without a price of its own the standard one */
                price: {
                    /** @example 2026-11-01T12:00:00.000Z */
                    effectiveFrom: string;
                    serviceTier: string;
                    /**
                     * @description catalog, refreshed, operator, sandbox, local
                     * @example catalog
                     */
                    source: string;
                    tiers: {
                        aboveInputTokens: number;
                        usdPerCall: {
                            [key: string]: string;
                        };
                        /**
                         * @example {
                         *       "input": "3.00",
                         *       "output": "15.00"
                         *     }
                         */
                        usdPerMillion: {
                            [key: string]: string;
                        };
                        /**
                         * @description US dollars, exact decimal
                         * @example 0.00123
                         */
                        usdPerRequest: string | null;
                    }[];
                } | null;
                serviceTier: string;
            }[];
            list: components["schemas"]["PriceList"];
            /** @description Of the list, by date */
            listed: {
                /** @example 2026-11-01T12:00:00.000Z */
                effectiveFrom: string;
                serviceTier: string;
                /**
                 * @description catalog, refreshed, operator, sandbox, local
                 * @example catalog
                 */
                source: string;
                tiers: {
                    aboveInputTokens: number;
                    usdPerCall: {
                        [key: string]: string;
                    };
                    /**
                     * @example {
                     *       "input": "3.00",
                     *       "output": "15.00"
                     *     }
                     */
                    usdPerMillion: {
                        [key: string]: string;
                    };
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    usdPerRequest: string | null;
                }[];
            }[];
            /** @description Ended ones too */
            overrides: components["schemas"]["PriceOverride"][];
            ref: string;
        };
        PriceList: {
            ageDays: number;
            /**
             * @description Day of the facts
             * @example 2026-09-23
             */
            asOf: string;
            isRefreshed: boolean;
            /** @description Older than 60 days: vendors may have changed prices since */
            isStale: boolean;
            /** @description Why the last reading failed */
            problem: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            readAt: string | null;
            /** @description Address or file; null = it is never refreshed */
            readFrom: string | null;
            /** @example @pydantic/genai-prices@0.1.8 */
            source: string;
        };
        PriceOverride: {
            /** @example 2026-11-01T12:00:00.000Z */
            archivedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            effectiveFrom: string;
            /** @example ovr_01k9… */
            id: string;
            model: string;
            provider: string;
            serviceTier: string;
            /** @enum {string} */
            source: "file" | "api";
            tiers: {
                aboveInputTokens: number;
                usdPerCall: {
                    [key: string]: string;
                };
                /**
                 * @example {
                 *       "input": "3.00",
                 *       "output": "15.00"
                 *     }
                 */
                usdPerMillion: {
                    [key: string]: string;
                };
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                usdPerRequest: string | null;
            }[];
            /**
             * @description When it held no more; null = it holds on
             * @example 2026-11-01T12:00:00.000Z
             */
            until: string | null;
        };
        Prices: {
            list: components["schemas"]["PriceList"];
            overrides: components["schemas"]["PriceOverride"][];
        };
        Privacy: {
            /** @description What the installation allows at most (`privacy` in turnpike.yaml) */
            ceiling: {
                /**
                 * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
                 * @enum {string}
                 */
                content: "metadata" | "redacted" | "full";
                retentionDays: number;
            };
            /**
             * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
             * @enum {string}
             */
            content: "metadata" | "redacted" | "full";
            /** @description What counts */
            effective: {
                /**
                 * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
                 * @enum {string}
                 */
                content: "metadata" | "redacted" | "full";
                retentionDays: number;
            };
            retentionDays: number | null;
            /** @description Of this process, all workspaces together */
            sinceStart: {
                dropped: number;
                failed: number;
                kept: number;
            };
            stored: {
                exchanges: number;
                /** @example 2026-11-01T12:00:00.000Z */
                oldestAt: string | null;
            };
        };
        PrivacyTerms: {
            /**
             * @description `metadata`: nothing of what is said · `redacted`: without secrets and personal data · `full`
             * @enum {string}
             */
            content: "metadata" | "redacted" | "full";
            /**
             * @description null = as long as the installation allows
             * @default null
             */
            retentionDays?: (number | null) | undefined;
        };
        Problem: {
            error: {
                /** @example record_unknown */
                code: string;
                fix: string;
                message: string;
            };
        };
        Projections: {
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            pacePerDayUsd: string;
            /**
             * @description The pace is that of the stretch from here to now
             * @example 2026-11-01T12:00:00.000Z
             */
            paceSince: string;
            periods: {
                /** @example 2026-11-01T12:00:00.000Z */
                endsAt: string;
                /** @enum {string} */
                period: "day" | "week" | "month";
                /**
                 * @description All of the period before
                 * @example 0.00123
                 */
                previousUsd: string;
                /**
                 * @description At the end, if it goes on at this pace
                 * @example 0.00123
                 */
                projectedUsd: string;
                /** @example 2026-11-01T12:00:00.000Z */
                since: string;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                spentUsd: string;
            }[];
            timeZone: string;
        };
        Prompt: {
            description: string | null;
            fallback: string[];
            file: string;
            /** @example agent:oss:code-reviewer */
            id: string;
            /** @description Requests are known to be its own by the text in them */
            isFoundByText: boolean;
            /** @enum {string} */
            kind: "agent" | "command" | "skill" | "hook";
            /** @description As the frontmatter has it */
            model: string | null;
            /** @enum {string} */
            side: "project" | "user";
            whyNot: string | null;
        };
        PromptList: {
            /** @description What is wrong with prompt files and agents.yaml; what is right in them counts */
            problems: {
                file: string;
                line: number | null;
                reason: string;
            }[];
            prompts: components["schemas"]["Prompt"][];
        };
        Proposal: {
            /**
             * @description To add to what is booked; may be negative
             * @example 0.00123
             */
            costUsd: string;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example 2026-11-20 */
            day: string;
            /** @example 2026-11-01T12:00:00.000Z */
            decidedAt: string | null;
            decidedBy: string | null;
            /** @description Of the entry that was booked */
            exchangeId: string | null;
            /** @example adj_01k9… */
            id: string;
            model: string | null;
            provider: string;
            reason: string;
            reconciliation: string;
            /** @enum {string} */
            state: "open" | "accepted" | "dismissed";
            tokens: {
                audioInput: number;
                audioOutput: number;
                cacheRead: number;
                cacheWrite1h: number;
                cacheWrite5m: number;
                input: number;
                output: number;
            };
        };
        ProposalList: {
            proposals: components["schemas"]["Proposal"][];
        };
        Provider: {
            baseUrl: string;
            /** @example env OPENAI_API_KEY */
            credentialSource: string | null;
            formats: string[];
            hasCredential: boolean;
            /** @description Has what it needs to be sent to; not a probe */
            isReady: boolean;
            kind: string;
            name: string;
            needsCredential: boolean;
            /**
             * @description Where it is declared; registry = through this API, by the workspace
             * @enum {string}
             */
            source: "file" | "environment" | "registry" | "built-in";
        };
        /** @description null = as the kind has it */
        ProviderChange: {
            autoCache?: (boolean | null) | undefined;
            /**
             * @description As the vendor's own SDK takes it; of the public internet, or allowed by the operator. Absent = the kind's
             * @example https://models.example.com/v1
             */
            baseUrl?: (string | null) | undefined;
            formats?: (("anthropic-messages" | "openai-chat" | "openai-responses" | "gemini-generate" | "ollama-chat")[] | null) | undefined;
            /** @description Sent with every request; none that carries a secret. They are not shown again */
            headers?: ({
                [key: string]: string;
            } | null) | undefined;
            models?: (string[] | null) | undefined;
            settings?: (components["schemas"]["ProviderSettings"] & (Record<string, never> | null)) | undefined;
            /** @enum {string|null} */
            streamUsage?: ("ask" | "leave" | null) | undefined;
            timeouts?: (components["schemas"]["ProviderTimeouts"] & (Record<string, never> | null)) | undefined;
        };
        ProviderHealth: {
            /** @description That something was sent to */
            deployments: number;
            inFlight: number;
            isDraining: boolean;
            kind: string;
            probe: {
                /** @example 2026-11-01T12:00:00.000Z */
                at: string;
                isReachable: boolean;
                said: string;
                tookMs: number;
            } | null;
            provider: string;
            reason: string | null;
            /**
             * @description Of what it serves, what is best off
             * @enum {string}
             */
            state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining" | "unknown" | "unreachable";
        };
        ProviderList: {
            providers: components["schemas"]["Provider"][];
        };
        ProviderModels: {
            providers: {
                health: components["schemas"]["ProviderHealth"] & (Record<string, never> | null);
                /** @description Has the credential it needs */
                isReady: boolean;
                kind: string;
                models: {
                    ref: string;
                    /**
                     * @description unknown = nothing was sent to it since the start
                     * @enum {string}
                     */
                    state: "healthy" | "degraded" | "half-open" | "limited" | "open" | "disabled" | "draining" | "unknown";
                }[];
                name: string;
                /**
                 * @description Where it is declared; registry = through this API, by the workspace
                 * @enum {string}
                 */
                source: "file" | "environment" | "registry" | "built-in";
            }[];
        };
        ProviderSettings: {
            apiVersion?: string | undefined;
            location?: string | undefined;
            project?: string | undefined;
            region?: string | undefined;
        };
        ProviderTest: {
            /** @description Of the one used first; null = it is called without */
            credential: components["schemas"]["CredentialTrial"] | null;
            isReachable: boolean;
            message: string;
        };
        ProviderTimeouts: {
            connectMs?: number | undefined;
            contentMs?: number | undefined;
            firstByteMs?: number | undefined;
            idleMs?: number | undefined;
            totalMs?: number | undefined;
        };
        RateLimit: {
            burstSeconds: number;
            concurrent: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example lim_01k9… */
            id: string;
            inputTokensPerMinute: number | null;
            outputTokensPerMinute: number | null;
            requestsPerMinute: number | null;
            scope: string;
            /** @enum {string} */
            source: "file" | "api";
            /** @description Values and metrics in use, shown or not */
            useCount: number;
            /** @description Now, what comes back last first */
            uses: components["schemas"]["RateUse"][];
            version: number;
        };
        RateLimitChange: {
            /**
             * @description How much may come at once, in seconds of the rate: 60 is a full minute's worth
             * @example 60
             */
            burstSeconds?: number | undefined;
            /** @description null = no longer limited */
            concurrent?: (number | null) | undefined;
            /** @description null = no longer limited */
            inputTokensPerMinute?: (number | null) | undefined;
            /** @description null = no longer limited */
            outputTokensPerMinute?: (number | null) | undefined;
            /** @description null = no longer limited */
            requestsPerMinute?: (number | null) | undefined;
        };
        RateLimitList: {
            isTruncated: boolean;
            rateLimits: components["schemas"]["RateLimit"][];
        };
        RateUse: {
            /**
             * @description When all of it will be there again
             * @example 2026-11-01T12:00:00.000Z
             */
            fullAt: string | null;
            /** @description Of this value: the strictest, where several count it */
            limit: number;
            /** @enum {string} */
            metric: "requests" | "input-tokens" | "output-tokens" | "streams";
            /**
             * @description The value it is counted for
             * @example key_01k9…
             */
            subject: string;
            /** @description What has not come back yet; of streams, how many are under way */
            used: number;
        };
        ReconciliationList: {
            reconciliations: components["schemas"]["ReconciliationReport"][];
        };
        ReconciliationReport: {
            /** @enum {string} */
            by: "day" | "hour";
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            driftUsd: string;
            id: string;
            notes: string[];
            providers: string[];
            /** @description Rows that differ */
            rows: components["schemas"]["Drift"][];
            rowsCompared: number;
            rowsOver: number;
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            unjudged: {
                provider: string;
                /** @enum {string} */
                reason: "young" | "unreported";
                /** @example 2026-11-01T12:00:00.000Z */
                start: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        ReconciliationRun: {
            /** @enum {string} */
            by: "day" | "hour";
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            driftUsd: string;
            failures: {
                message: string;
                provider: string;
            }[];
            id: string;
            notes: string[];
            proposals: components["schemas"]["Proposal"][];
            providers: string[];
            /** @description Rows that differ */
            rows: components["schemas"]["Drift"][];
            rowsCompared: number;
            rowsOver: number;
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            unjudged: {
                provider: string;
                /** @enum {string} */
                reason: "young" | "unreported";
                /** @example 2026-11-01T12:00:00.000Z */
                start: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        Recover: {
            /** Format: password */
            recoveryKey: string;
        };
        RefreshedPrices: {
            added: number;
            changed: number;
            list: components["schemas"]["PriceList"];
            models: number;
            skipped: number;
        };
        ReloadedConfiguration: {
            added: string[];
            changed: string[];
            configuration: components["schemas"]["Configuration"];
            isChanged: boolean;
            removed: string[];
        };
        RemovedProvider: {
            /** @description Credentials of the vault that went with it */
            credentials: number;
            provider: components["schemas"]["DeclaredProvider"];
        };
        Rerate: {
            /**
             * @description false = nothing is booked
             * @default false
             */
            apply?: boolean | undefined;
            /** @default false */
            isUnpricedOnly?: boolean | undefined;
            model?: string | undefined;
            provider?: string | undefined;
            /** @default prices were corrected */
            reason?: string | undefined;
            /**
             * @description ISO 8601 moment, or a UTC day
             * @example 2026-11-01T00:00:00Z
             */
            since: string;
            /**
             * @description ISO 8601 moment, or a UTC day
             * @example 2026-11-01T00:00:00Z
             */
            until?: (string) | undefined;
        };
        Rerated: {
            /**
             * @description What is, or would be, added to the books
             * @example 0.00123
             */
            differenceUsd: string;
            /** @description Attempts that were looked at */
            entries: number;
            id: string;
            isApplied: boolean;
            sums: {
                entries: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                isUsd: string;
                model: string;
                provider: string;
                unpriced: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                wasUsd: string;
            }[];
            /** @description Attempts whose price is still unknown */
            unknown: number;
        };
        Route: {
            cacheTtlSeconds: number | null;
            /** @example 2026-11-01T12:00:00.000Z */
            changedAt: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string | null;
            createdBy: string | null;
            /** @description The file that declares it */
            file: string | null;
            isHedged: boolean;
            models: {
                ref: string;
                weight: number;
            }[];
            name: string;
            /** @description Why it leads nowhere now; null = it leads somewhere */
            problem: string | null;
            require: components["schemas"]["RouteRequirements"];
            /**
             * @description registry = through this API
             * @enum {string}
             */
            source: "file" | "registry";
            /** @enum {string} */
            strategy: "ordered" | "weighted" | "cheapest" | "fastest" | "sticky";
        };
        RouteList: {
            routes: components["schemas"]["Route"][];
        };
        RouteRequirements: {
            audio?: boolean | undefined;
            contextWindow?: number | undefined;
            documents?: boolean | undefined;
            maxPriceUsd?: {
                /**
                 * @description US dollars for a million tokens
                 * @example 2.50
                 */
                input?: string | undefined;
                /**
                 * @description US dollars for a million tokens
                 * @example 2.50
                 */
                output?: string | undefined;
            } | undefined;
            region?: string | undefined;
            structuredOutput?: boolean | undefined;
            thinking?: boolean | undefined;
            tools?: boolean | undefined;
            vision?: boolean | undefined;
        } | null;
        Session: {
            /** @example ses_01k9… */
            id: string;
            person: components["schemas"]["Person"];
        };
        SessionList: {
            /**
             * @description What was booked before this is not counted: there were too many requests since
             * @example 2026-11-01T12:00:00.000Z
             */
            completeFrom: string;
            rows: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                /** @description Requests, however many attempts each took */
                exchanges: number;
                failedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                firstAt: string;
                inputTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                lastAt: string;
                outputTokens: number;
                reasoningTokens: number;
                sessionId: string;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        SessionTree: {
            agents: {
                /** @description Empty = the client named none */
                agentId: string;
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                /** @description Requests, however many attempts each took */
                exchanges: number;
                failedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                firstAt: string;
                inputTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                lastAt: string;
                outputTokens: number;
                reasoningTokens: number;
                requests: {
                    attempts: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    exchangeId: string;
                    hasUnknownCost: boolean;
                    /** @description Of the last attempt */
                    model: string;
                    /** @example 2026-11-01T12:00:00.000Z */
                    startedAt: string;
                    status: string;
                }[];
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
            }[];
            cacheReadTokens: number;
            cacheWriteTokens: number;
            /**
             * @description What was booked before this is not counted: there were too many requests since
             * @example 2026-11-01T12:00:00.000Z
             */
            completeFrom: string;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            costUsd: string;
            /** @description One per attempt */
            entries: number;
            /** @description Entries whose tokens the provider did not report */
            estimatedEntries: number;
            /** @description Requests, however many attempts each took */
            exchanges: number;
            failedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            firstAt: string;
            inputTokens: number;
            /** @description Older requests are in the sums, but not listed */
            isTruncated: boolean;
            /** @example 2026-11-01T12:00:00.000Z */
            lastAt: string;
            outputTokens: number;
            reasoningTokens: number;
            sessionId: string;
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            /** @description Entries without a known price; not in costUsd */
            unpricedEntries: number;
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        SignedIn: {
            /** @description A path of this installation, whatever was asked for */
            next: string;
            person: components["schemas"]["Person"];
        };
        SignIn: {
            /** @description Six digits of the authenticator, or a recovery code */
            code?: string | undefined;
            email: string;
            /** @description Path that the browser wants to go on to */
            next?: string | undefined;
            password: string;
        };
        SignInWays: {
            issuers: {
                name: string;
            }[];
            passwords: boolean;
        };
        Spend: {
            /** @enum {string} */
            by: "model" | "provider" | "agent" | "key" | "member";
            /** @description More rows than the limit; the total is of all */
            isTruncated: boolean;
            rows: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                label: string;
                /** @description Mean time to the first token, of attempts that have one */
                meanTtftMs: number | null;
                outputTokens: number;
                reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
                /** @description Empty where entries have none */
                value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            total: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        StandIn: {
            /** @description Why it leads nowhere now: it is passed over. null = it leads somewhere */
            problem: string | null;
            ref: string;
        } | null;
        Summary: {
            periods: {
                /** @description As much of the period before */
                before: {
                    cacheReadTokens: number;
                    cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    /** @description One per attempt */
                    entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    estimatedEntries: number;
                    failedEntries: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens: number;
                    /** @example 2026-11-01T12:00:00.000Z */
                    since: string;
                    /** @description Entries without a known price; not in costUsd */
                    unpricedEntries: number;
                    /** @example 2026-11-01T12:00:00.000Z */
                    until: string;
                };
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                outputTokens: number;
                /** @enum {string} */
                period: "day" | "week" | "month";
                reasoningTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                since: string;
                topModel: {
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    entries: number;
                    value: string;
                } | null;
                topProvider: {
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    entries: number;
                    value: string;
                } | null;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                until: string;
            }[];
            timeZone: string;
        };
        Task: {
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example 2026-11-01T12:00:00.000Z */
            endedAt: string | null;
            /** @example tsk_01k9… */
            id: string;
            progress: number | null;
            result: string | null;
            session: string | null;
            /** @example 2026-11-01T12:00:00.000Z */
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            title: string;
            /** @example 2026-11-01T12:00:00.000Z */
            updatedAt: string;
        };
        TaskChange: {
            /** @description Per cent */
            progress?: number | undefined;
            /** @description What came of it, in short */
            result?: string | undefined;
            /** @description As its requests name it in x-turnpike-session: by it the cost of the task is found */
            session?: string | undefined;
            /**
             * @description Only forward; what has ended stays as it is
             * @enum {string}
             */
            state?: ("queued" | "running" | "done" | "failed" | "cancelled") | undefined;
            title?: string | undefined;
        };
        TaskList: {
            /** @description The `after` of the next page; null = this is the last */
            next: string | null;
            tasks: components["schemas"]["Task"][];
        };
        TestedCredentials: {
            tested: {
                id: string;
                label: string;
                source: string;
                trial: components["schemas"]["CredentialTrial"];
            }[];
        };
        Timeline: {
            /** @enum {string} */
            by: "day" | "hour";
            /** @description More rows than the limit: the newest are shown */
            isTruncated: boolean;
            rows: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /**
                 * @description failedEntries / entries
                 * @example 0.02
                 */
                errorRate: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                /** @description Mean time to the first token, of attempts that have one */
                meanTtftMs: number | null;
                outputTokens: number;
                reasoningTokens: number;
                /** @example 2026-11-01T12:00:00.000Z */
                since: string;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
                /** @example 2026-11-01T12:00:00.000Z */
                until: string;
                /**
                 * @description The local date, or the hour in UTC
                 * @example 2026-11-21
                 */
                value: string;
            }[];
            /** @example 2026-11-01T12:00:00.000Z */
            since: string;
            timeZone: string;
            total: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        Trends: {
            /** @enum {string|null} */
            by: "model" | "provider" | "agent" | "key" | "member" | null;
            current: {
                /** @example 2026-11-01T12:00:00.000Z */
                since: string;
                /** @example 2026-11-01T12:00:00.000Z */
                until: string;
            };
            previous: {
                /** @example 2026-11-01T12:00:00.000Z */
                since: string;
                /** @example 2026-11-01T12:00:00.000Z */
                until: string;
            };
            /** @description Those whose cost changed most first */
            rows: {
                /** @description null = there was no cost before */
                costChangePercent: number | null;
                /** @example -0.50 */
                costChangeUsd: string;
                current: {
                    cacheReadTokens: number;
                    cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    /** @description One per attempt */
                    entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    estimatedEntries: number;
                    failedEntries: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    unpricedEntries: number;
                };
                entriesChange: number;
                entriesChangePercent: number | null;
                label: string;
                previous: {
                    cacheReadTokens: number;
                    cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    /** @description One per attempt */
                    entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    estimatedEntries: number;
                    failedEntries: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    unpricedEntries: number;
                };
                value: string;
            }[];
            timeZone: string;
            total: {
                /** @description null = there was no cost before */
                costChangePercent: number | null;
                /** @example -0.50 */
                costChangeUsd: string;
                current: {
                    cacheReadTokens: number;
                    cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    /** @description One per attempt */
                    entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    estimatedEntries: number;
                    failedEntries: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    unpricedEntries: number;
                };
                entriesChange: number;
                entriesChangePercent: number | null;
                label: string;
                previous: {
                    cacheReadTokens: number;
                    cacheWriteTokens: number;
                    /**
                     * @description US dollars, exact decimal
                     * @example 0.00123
                     */
                    costUsd: string;
                    /** @description One per attempt */
                    entries: number;
                    /** @description Entries whose tokens the provider did not report */
                    estimatedEntries: number;
                    failedEntries: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens: number;
                    /** @description Entries without a known price; not in costUsd */
                    unpricedEntries: number;
                };
                value: string;
            };
        };
        UnsetFallbackChain: {
            model: string;
            now: components["schemas"]["FallbackChain"] & (Record<string, never> | null);
            was: string[];
        };
        UnsetModelRule: {
            now: components["schemas"]["ModelRule"];
            was: {
                ref: string;
            };
        };
        Usage: {
            /** @enum {string} */
            by: "model" | "provider" | "key" | "agent" | "member" | "day" | "session";
            /** @description More rows than the limit; the total is of those shown */
            isTruncated: boolean;
            rows: components["schemas"]["UsageRow"][];
            /** @example 2026-11-01T12:00:00.000Z */
            since: string | null;
            total: {
                cacheReadTokens: number;
                cacheWriteTokens: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                costUsd: string;
                /** @description One per attempt */
                entries: number;
                /** @description Entries whose tokens the provider did not report */
                estimatedEntries: number;
                failedEntries: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens: number;
                /** @description Entries without a known price; not in costUsd */
                unpricedEntries: number;
            };
            /** @example 2026-11-01T12:00:00.000Z */
            until: string;
        };
        UsageRow: {
            cacheReadTokens: number;
            cacheWriteTokens: number;
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            costUsd: string;
            /** @description One per attempt */
            entries: number;
            /** @description Entries whose tokens the provider did not report */
            estimatedEntries: number;
            failedEntries: number;
            inputTokens: number;
            label: string;
            outputTokens: number;
            reasoningTokens: number;
            /** @description Entries without a known price; not in costUsd */
            unpricedEntries: number;
            /** @description Value of the dimension; empty where entries have none */
            value: string;
        };
        Vault: {
            /**
             * @description Tells a master key from others, and nothing of it
             * @example a23fca98ab51d165
             */
            key: string | null;
            /** @enum {string} */
            kind: "environment" | "file" | "keychain" | "passphrase";
            /** @description Where the master key is */
            place: string;
            recoveryKey: {
                fingerprint: string;
                /** @description false = what the database says of it was changed: make another */
                isGood: boolean;
                /** @example 2026-11-01T12:00:00.000Z */
                madeAt: string;
            } | null;
            /** @description The last change of master keys */
            rotation: {
                /** @example 2026-11-01T12:00:00.000Z */
                endedAt: string | null;
                from: string;
                /** @example 2026-11-01T12:00:00.000Z */
                startedAt: string;
                /**
                 * @description Tells a master key from others, and nothing of it
                 * @example a23fca98ab51d165
                 */
                to: string;
            } | null;
            rows: {
                isAtHand: boolean;
                key: string;
                secrets: number;
            }[];
            /** @description Rows that the vault has sealed */
            secrets: number;
            /**
             * @description `rotating`: rows are being taken over by another master key. `waiting`: until all replicas have it. `closed`: the key at hand does not open what is sealed
             * @enum {string}
             */
            state: "empty" | "open" | "rotating" | "waiting" | "closed";
            /** @description Replicas that have not got the next master key */
            waitsFor: string[];
        };
        Verification: {
            /**
             * @description US dollars, exact decimal
             * @example 0.00123
             */
            costUsd: string;
            entries: number;
            isSound: boolean;
            problems: string[];
        };
        WholeAgent: {
            /** @example 2026-11-01T12:00:00.000Z */
            archivedAt: string | null;
            /** @description Those with the scope agent:<name> */
            budgets: components["schemas"]["Budget"][];
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string | null;
            createdBy: string | null;
            description: string | null;
            /** @description Where it is declared */
            file: string | null;
            /**
             * @description Of an agent that a file declares its name
             * @example agt_01k9…
             */
            id: string;
            /**
             * @description Its last heartbeat or booked request; requests of more than an hour ago to the hour, of more than a month ago to the day
             * @example 2026-11-01T12:00:00.000Z
             */
            lastSeenAt: string | null;
            /** @description For a request of it that names no model; null = none is named anywhere */
            model: {
                /** @enum {string} */
                layer: "explicit" | "step" | "setting" | "project" | "user" | "frontmatter" | "agent" | "request" | "key" | "workspace" | "default";
                ref: string;
                source: string;
            } | null;
            name: string;
            /** @description null = use default */
            preferredModel: string | null;
            /** @description Why that model leads nowhere; null = it leads somewhere */
            problem: string | null;
            /** @enum {string} */
            source: "file" | "registry";
            /** @description Of everything that was booked under its name; months are those of UTC */
            spend: {
                monthRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                monthUsd: string;
                totalRequests: number;
                /**
                 * @description US dollars, exact decimal
                 * @example 0.00123
                 */
                totalUsd: string;
                /** @description Requests of unknown price; they are not in the sums */
                unpriced: number;
            };
            /**
             * @description online: seen within 90 seconds; idle: within 15 minutes
             * @enum {string}
             */
            state: "online" | "idle" | "offline";
            /** @description Of an agent that a file declares it is in that file */
            systemPrompt: string | null;
        };
        Workspace: {
            /** @example 2026-11-01T12:00:00.000Z */
            createdAt: string;
            /** @example ws_01k9… */
            id: string;
            name: string;
            /**
             * @description Since when nobody gets in; null = it is in use
             * @example 2026-11-01T12:00:00.000Z
             */
            suspendedAt: string | null;
        };
        WorkspaceList: {
            workspaces: components["schemas"]["OwnWorkspace"][];
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
    "agents.list": {
        parameters: {
            query?: {
                after?: string;
                /** @description Archived ones too */
                archived?: "true" | "false";
                limit?: number;
                /** @description In the name, in any case */
                q?: string;
                source?: "file" | "registry";
                state?: "online" | "idle" | "offline";
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The agent */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAgent"];
            };
        };
        responses: {
            /** @description The agent */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description End or cancel tasks that nobody works on; archive agents that are not used. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description What to change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentChange"];
            };
        };
        responses: {
            /** @description The agent as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.heartbeats.list": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The heartbeats */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentEventList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.heartbeats.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description What to report */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            /** @description Heard */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Heard"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.model.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The model */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AgentModel"];
            };
        };
        responses: {
            /** @description The agent as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeAgent"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.list": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
                state?: "queued" | "running" | "done" | "failed" | "cancelled";
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tasks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description What to report */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description The task */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description End or cancel tasks that nobody works on; archive agents that are not used. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
                taskId: string;
            };
            cookie?: never;
        };
        /** @description What to report */
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskChange"];
            };
        };
        responses: {
            /** @description The task as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Report a new task: what has ended stays as it is, and nothing goes back. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.events.list": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentEventList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "agents.tasks.events.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
                taskId: string;
            };
            cookie?: never;
        };
        /** @description What to report */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTaskEvent"];
            };
        };
        responses: {
            /** @description The event */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentEvent"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "alerts.list": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alerts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "alerts.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What each said */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertTest"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "aliases.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The aliases */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "aliases.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alias */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "aliases.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** @description The alias */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAlias"];
            };
        };
        responses: {
            /** @description The alias */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description The alias */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "aliases.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alias"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.errors.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                by?: "provider" | "model";
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errors"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.overview.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stretch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.projections.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description Where days, weeks and months begin */
                timeZone?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Three periods */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projections"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.sessions.list": {
        parameters: {
            query?: {
                limit?: number;
                order?: "cost" | "recent";
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.sessions.read": {
        parameters: {
            query?: {
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTree"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-agent.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dearest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-day.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Where days, weeks and months begin */
                timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In order of time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-hour.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Where days, weeks and months begin */
                timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In order of time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-key.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dearest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-member.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dearest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-model.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dearest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.spend.by-provider.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Dearest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spend"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.summary.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                /** @description Id of a key */
                key?: string;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                provider?: string;
                /** @description Where days, weeks and months begin */
                timeZone?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Three periods */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "analytics.trends.list": {
        parameters: {
            query?: {
                /** @description Empty = what came from no agent */
                agent?: string;
                by?: "model" | "provider" | "agent" | "key" | "member";
                /** @description Id of a key */
                key?: string;
                limit?: number;
                /** @description Empty = what belongs to no member */
                member?: string;
                /** @description With or without its provider before it */
                model?: string;
                /** @description Default: month */
                period?: "day" | "week" | "month";
                provider?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Where days, weeks and months begin */
                timeZone?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trends"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                /** @description One action, or all of a noun: budgets.* */
                action?: string;
                /** @description Id of who did it */
                actor?: string;
                after?: string;
                limit?: number;
                outcome?: "done" | "refused" | "failed";
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Id of what it was done to */
                target?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "audit.export.list": {
        parameters: {
            query?: {
                /** @description One action, or all of a noun: budgets.* */
                action?: string;
                /** @description Id of who did it */
                actor?: string;
                format?: "jsonl" | "csv";
                outcome?: "done" | "refused" | "failed";
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Id of what it was done to */
                target?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One line per event; an answer that is cut off is not whole */
            200: {
                headers: {
                    "x-turnpike-audit-head": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                    "text/csv": string;
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "audit.verify": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AuditVerify"];
            };
        };
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditProof"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.oidc.callback.list": {
        parameters: {
            query?: {
                state?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On to where it wanted to go; back to the page of signing in where it is not let in */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Set public_url to where browsers open this installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.oidc.start.list": {
        parameters: {
            query?: {
                next?: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the issuer; back to the page of signing in where that cannot be */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Set public_url to where browsers open this installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.password": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The present one and the next */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.reset": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description Who it is */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Shown this once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPassword"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.session.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sessions.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sessions.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who it is */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in at an issuer of sign_in.oidc; sign_in.password switches passwords on. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.sign-out": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.totp": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The password */
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPassword"];
            };
        };
        responses: {
            /** @description Shown this once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Authenticator"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Switch the authenticator off first (DELETE /auth/totp). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.totp.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The password */
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPassword"];
            };
        };
        responses: {
            /** @description Off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Begin with one first (POST /auth/totp). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.totp.verify": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A code */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuthenticatorCode"];
            };
        };
        responses: {
            /** @description On */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Check the address and the password; an admin of the workspace can have a lost password replaced. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Begin with one first (POST /auth/totp). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait as long as Retry-After says; nobody is locked out for good. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auth.ways.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
        };
    };
    "budgets.list": {
        parameters: {
            query?: {
                /** @description Archived ones too */
                archived?: "true" | "false";
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The budgets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "budgets.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBudget"];
            };
        };
        responses: {
            /** @description The budget */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "budgets.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The budget */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "budgets.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archived budget */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again; an archived one is made anew. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "budgets.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetChange"];
            };
        };
        responses: {
            /** @description The budget as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again; an archived one is made anew. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "config.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Configuration"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "config.reload": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What has changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReloadedConfiguration"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct what the message names; the last good state serves on. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "credentials.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The credentials */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "credentials.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The credential */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCredential"];
            };
        };
        responses: {
            /** @description The credential, and what the provider said */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeCredential"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct it, or save it all the same with `isForced` (`turnpike credentials set --force`). */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "credentials.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "credentials.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialChange"];
            };
        };
        responses: {
            /** @description The credential */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "credentials.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description Which */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialTest"];
            };
        };
        responses: {
            /** @description What each showed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestedCredentials"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "events.live.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description Goes on after this event; browsers send it by themselves */
                "last-event-id"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events until either side ends it; see docs/guide/api.md */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Close other listeners of this workspace, or read the lists instead. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exchanges.list": {
        parameters: {
            query?: {
                /** @description The `next` of the page before */
                after?: string;
                agent?: string;
                endUser?: string;
                key?: string;
                limit?: number;
                member?: string;
                /** @description As the provider calls it */
                model?: string;
                provider?: string;
                session?: string;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description Of one of its attempts */
                status?: "ok" | "client_abort" | "upstream_error" | "truncated" | "timeout" | "interrupted" | "not_sent";
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExchangeList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exchanges.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The exchange */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainedExchange"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exchanges.content.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Both sides */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExchangeContent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "health.list": {
        parameters: {
            query?: {
                changes?: number | null;
                provider?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Health */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "health.drain": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Drain"];
            };
        };
        responses: {
            /** @description The provider now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderHealth"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "health.reset": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    provider?: string | undefined;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthReset"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "installation.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The installation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Installation"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invitations.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invitations.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The guest */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The invitation and its link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeInvitation"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change the role of the member instead. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invitations.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invitations.accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The link, and who is new */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description What one is a member of now */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Joined"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in with the address the invitation was sent to, or ask for one to yours. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask for a new invitation: a link is good once, and for a while. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change the role of the member instead. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invitations.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The link */
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description The invitation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask for a new invitation: a link is good once, and for a while. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.list": {
        parameters: {
            query?: {
                after?: string;
                agent?: string;
                /** @description Honeypots instead of keys; for admins */
                honeypots?: "true" | "false";
                limit?: number;
                /** @description Those of one member */
                member?: string;
                /** @description How the name begins */
                name?: string;
                /** @description What stands in name, description, tags or preview; it has no wildcards */
                search?: string;
                state?: "active" | "expired" | "revoked";
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description The key and its token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Revoke keys that are used no more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyChange"];
            };
        };
        responses: {
            /** @description The key as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make a new key; one that has expired may be given a later end first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keys.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description The key and its new token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make a new key; one that has expired may be given a later end first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.export.list": {
        parameters: {
            query?: {
                format?: "csv" | "jsonl";
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One line per entry; an answer that is cut off is not whole */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                    "text/csv": string;
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.proposals.list": {
        parameters: {
            query?: {
                limit?: number;
                state?: "open" | "accepted" | "dismissed";
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proposals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.proposals.accept": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the open proposals; a new reconciliation replaces those of its days. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.proposals.dismiss": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the open proposals; a new reconciliation replaces those of its days. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.reconcile": {
        parameters: {
            query?: {
                by?: "day" | "hour";
                provider?: string;
                /** @description Default: 7 days ago */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationRun"];
                };
            };
            /** @description Give the provider an admin_key; see docs/guide/reconciliation.md. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait for the run that goes on, then ask again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.reconciliations.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "ledger.verify": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "llm.providers.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderModels"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeChange"];
            };
        };
        responses: {
            /** @description The caller as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.export.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON lines, each with its `kind`; an answer that is cut off is not whole */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.preferences.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.preferences.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The preferences */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPreferences"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "me.preferences.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in as a member of the workspace. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "members.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "members.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "members.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberChange"];
            };
        };
        responses: {
            /** @description The member as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "members.erase": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseMember"];
            };
        };
        responses: {
            /** @description What was taken away */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedMember"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Make another member owner first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "members.export.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON lines, each with its `kind`; an answer that is cut off is not whole */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "models.list": {
        parameters: {
            query?: {
                /** @description Only models that cost an explicit zero */
                free?: boolean;
                /** @description Ask OpenRouter and Ollama for their own lists where the last ones are a minute old */
                live?: boolean;
                /** @description US dollars per million tokens that neither input nor output costs more than */
                max_price?: string;
                provider?: string;
                /** @description Words that ref or name must have */
                q?: string;
                /** @description Only models known to think */
                thinking?: boolean;
                /** @description Only models known to call tools */
                tools?: boolean;
                /** @description Only models known to see images */
                vision?: boolean;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models; with words, the best match first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "owner-link.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnerLink"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask the owner for an invitation (`turnpike members invite`). */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.list": {
        parameters: {
            query?: {
                /** @description Ended ones too */
                archived?: "true" | "false";
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prices"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The price */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPrice"];
            };
        };
        responses: {
            /** @description The price */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceOverride"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.remove": {
        parameters: {
            query?: {
                /** @description It was a mistake from its beginning */
                neverHeld?: "true" | "false";
            };
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The price as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceOverride"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.model.list": {
        parameters: {
            query: {
                ref: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prices of the model */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PricedModel"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.refresh": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it brought */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefreshedPrices"];
                };
            };
            /** @description Name one under prices.refresh in turnpike.yaml and start again. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Correct what the message names; the last good list stays in use. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prices.rerate": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description Which entries */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rerate"];
            };
        };
        responses: {
            /** @description The differences */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rerated"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Wait for the run that goes on, then ask again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "privacy.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The terms */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Privacy"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "privacy.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The terms */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrivacyTerms"];
            };
        };
        responses: {
            /** @description The terms as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Privacy"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "privacy.content.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many exchanges it was of */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedContent"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "prompts.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prompts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The providers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The provider */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProvider"];
            };
        };
        responses: {
            /** @description The provider */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Name an address of the public internet, or let an operator allow its host and port under egress.allow in turnpike.yaml (it counts from the next start). */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedProvider"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** @description The change */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderChange"];
            };
        };
        responses: {
            /** @description The provider */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeclaredProvider"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Name an address of the public internet, or let an operator allow its host and port under egress.allow in turnpike.yaml (it counts from the next start). */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "providers.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it showed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTest"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-limits.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rate limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateLimitList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-limits.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRateLimit"];
            };
        };
        responses: {
            /** @description The rate limit */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-limits.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-limits.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RateLimitChange"];
            };
        };
        responses: {
            /** @description The rate limit as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateLimit"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Change it where it is declared and start again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routes.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The routes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routes.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The route */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routes.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** @description The route */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoute"];
            };
        };
        responses: {
            /** @description The route */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description The route */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routes.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Choose another name, or change it where it is declared. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.cheapest.list": {
        parameters: {
            query?: {
                /** @description What the model must be known to have */
                capabilities?: string;
                input_tokens?: number | null;
                limit?: number;
                output_tokens?: number | null;
                provider?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cheapest"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.config.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelsConfig"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.explain": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRunQuery"];
            };
        };
        responses: {
            /** @description What would be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.fallback.list": {
        parameters: {
            query?: {
                /** @description An alias, a route, provider/model or a bare id */
                model?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fallback"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.fallback-chain.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                /** @description An alias, a route, provider/model or a bare id */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The chain */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackChain"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.fallback-chain.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                /** @description An alias, a route, provider/model or a bare id */
                model: string;
            };
            cookie?: never;
        };
        /** @description The chain */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFallbackChain"];
            };
        };
        responses: {
            /** @description The chain */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackChain"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.fallback-chain.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                /** @description An alias, a route, provider/model or a bare id */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was, and what holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnsetFallbackChain"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.fallback-chains.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The chains */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FallbackChainList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.rules.list": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelRuleList"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.rules.read": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelRule"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.rules.set": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The model */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewModelRule"];
            };
        };
        responses: {
            /** @description The rule as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelRule"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "routing.rules.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was, and what holds now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnsetModelRule"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "usage.list": {
        parameters: {
            query?: {
                by?: "model" | "provider" | "key" | "agent" | "member" | "day" | "session";
                limit?: number;
                /** @description ISO 8601 moment, or a UTC day */
                since?: string;
                /** @description ISO 8601 moment, or a UTC day */
                until?: string;
            };
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description Correct the query parameter the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vault.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The vault */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vault.forget": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForgottenSecrets"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vault.recover": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The recovery key */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recover"];
            };
        };
        responses: {
            /** @description The vault */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Read the recovery key (TPR1-…) again from where it was written down, and compare its fingerprint. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vault.recovery-key": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recovery key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeRecoveryKey"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "vault.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The vault */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vault"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Do what the message says first; docs/guide/vault.md has it step by step. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceList"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The workspace */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description The workspace */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.suspend": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.current.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.current.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Suspend or delete another workspace; this one goes with the installation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "workspaces.current.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same request with the same key within a day is answered as it was the first time, with the header idempotent-replayed, and not carried out again */
                "idempotency-key"?: string;
                /** @description The workspace to act in, for callers who have several */
                "x-turnpike-workspace"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The workspace */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description The workspace as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Correct the field the message names. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Send the operator token (tpo-…) as bearer token; the first start kept it in client.json. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description List the records; their ids are shown there. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
