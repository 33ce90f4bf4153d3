#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts'

// Which Node runs this is not what the user of a command asked about: the AWS SDK would say it before each result.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

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
