import { isLoopback } from '../is-loopback.ts'
import { ApiFault } from '../json-api/api-fault.ts'
import type { ApiRequest } from '../json-api/api-request.ts'

/**
 * Refuses what a page of somebody else makes a browser send: a request from another origin, and on a server that only this
 * machine reaches one for a host name that a stranger pointed here (DNS rebinding).
 *
 * @throws ApiFault `forbidden`
 */
export function requireSameOrigin({ headers }: Pick<ApiRequest, 'headers'>, isLocal: boolean): void {
  const host = headers[':authority'] ?? headers['host'] ?? ''
  const name = hostName(host)
  if (isLocal && (name === undefined || !isLoopback(name))) {
    throw new ApiFault(
      'forbidden',
      `This server answers on this machine only, and not as ${host.slice(0, 100)}.`,
      {
        code: 'E_KEY',
        hint: 'ask for it as localhost, or by its address',
      },
    )
  }
  const { origin } = headers
  if (origin === undefined) return
  if (URL.canParse(origin) && new URL(origin).host === host) return
  throw new ApiFault('forbidden', `Pages of ${origin.slice(0, 100)} may not use this server.`, {
    code: 'E_KEY',
  })
}

/** Without the port; an IPv6 address without its brackets. */
function hostName(host: string): string | undefined {
  if (!URL.canParse(`http://${host}`)) return undefined
  return new URL(`http://${host}`).hostname.replaceAll(/^\[|\]$/g, '')
}
