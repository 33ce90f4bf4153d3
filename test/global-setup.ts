import { execFileSync } from 'node:child_process'

/** Builds `dist/` once, because worker processes and the command line are tested as they are shipped. */
export default function setup(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
  execFileSync(process.execPath, ['scripts/finish-build.mjs'], { stdio: 'inherit' })
}
