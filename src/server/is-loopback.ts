import { isIPv4, isIPv6 } from 'node:net'

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  if (isIPv4(host)) return host.startsWith('127.')
  return isIPv6(host) && /^(0*:)*0*1$/.test(host)
}
