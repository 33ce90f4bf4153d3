import { existsSync } from 'node:fs'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** A Chromium of this machine: that of `HONE_TEST_BROWSER`, else one where it usually is; undefined where there is none. */
export function findBrowser(): string | undefined {
  const named = process.env['HONE_TEST_BROWSER']
  if (named !== undefined && named !== '') return named
  return usual.find((path) => existsSync(path))
}
