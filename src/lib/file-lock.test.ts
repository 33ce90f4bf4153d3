import { spawn } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withFileLock } from './file-lock.ts'

let folder = ''
let lock = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
  lock = join(folder, 'model.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function deadProcessId(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid ?? 0
}

test('actions under one lock never overlap', async () => {
  let inside = 0
  let waits = 0
  const action = async (): Promise<void> => {
    inside++
    expect(inside).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    inside--
  }
  const onWait = (): void => {
    waits++
  }
  await Promise.all(Array.from({ length: 5 }, () => withFileLock(lock, { onWait }, action)))
  expect(waits).toBe(4)
  expect(readdirSync(folder)).toEqual([])
})

test('a failing action releases the lock', async () => {
  await expect(withFileLock(lock, {}, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await withFileLock(lock, {}, async () => 'again')).toBe('again')
})

test('the lock of a dead process is taken over, by one of many', async () => {
  writeFileSync(lock, `${await deadProcessId()} 0123 ${hostname()}`)
  let inside = 0
  const action = async (): Promise<number> => {
    inside++
    expect(inside).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return inside--
  }
  const results = await Promise.all(Array.from({ length: 6 }, () => withFileLock(lock, {}, action)))
  expect(results).toEqual([1, 1, 1, 1, 1, 1])
  expect(readdirSync(folder)).toEqual([])
})

test('the lock of a living process is waited for until the signal', async () => {
  writeFileSync(lock, `${process.ppid} 0123 ${hostname()}`)
  const controller = new AbortController()
  const waiting = withFileLock(
    lock,
    { signal: controller.signal, onWait: () => controller.abort('enough') },
    async () => 'never',
  )
  await expect(waiting).rejects.toBe('enough')
  expect(existsSync(lock)).toBe(true)
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})

test('a folder that is not there', async () => {
  await expect(withFileLock(join(folder, 'none', 'x.lock'), {}, async () => 1)).rejects.toMatchObject({
    code: 'E_DISK',
  })
})
