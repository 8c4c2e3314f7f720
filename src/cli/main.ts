#!/usr/bin/env node
// The program `turnpike`: joins the command line to this process.
import { createProcessIo } from './process-io.ts';
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), createProcessIo());
