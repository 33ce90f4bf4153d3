#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts'

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  exitNow: (status) => process.exit(status),
  now: () => performance.now(),
  // Loaded only by what needs it: help is there at once.
  openServices: async (options) => (await import('./compose.ts')).createServices(options),
})
