import { expect, test } from 'vitest'
import { honeHome } from './home.ts'

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, '/home/u/.local/share/hone'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/hone'],
  ['linux', { XDG_DATA_HOME: 'data' }, '/home/u/.local/share/hone'],
  ['linux', { HONE_HOME: '/srv/hone', XDG_DATA_HOME: '/data' }, '/srv/hone'],
  ['darwin', {}, '/home/u/Library/Application Support/hone'],
  [
    'win32',
    { LOCALAPPDATA: String.raw`C:\Users\u\AppData\Local` },
    String.raw`C:\Users\u\AppData\Local\hone`,
  ],
  ['win32', { HONE_HOME: String.raw`D:\hone` }, String.raw`D:\hone`],
])('%s %j', (platform, env, expected) => {
  expect(honeHome(env, platform, '/home/u')).toBe(expected)
})

test('an empty variable is none', () => {
  expect(honeHome({ HONE_HOME: '' }, 'linux', '/home/u')).toBe('/home/u/.local/share/hone')
})

test('a relative HONE_HOME is resolved', () => {
  expect(honeHome({ HONE_HOME: 'here' }, 'linux', '/home/u')).toMatch(/^\/.*\/here$/)
})
