import type { RequestFacts } from '../aws/request-facts.ts'
import { isSignedByAws } from '../aws/aws-handler.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { readPageFiles, type PageFile } from './page-files.ts'

/** Answers requests of a browser for the web page. */
export interface PageHandler {
  /**
   * True for what a browser asks for that follows a link: a file of the page, or any path that no API has, as a document. What AWS's
   * clients sign is theirs, presigned addresses too; ask for the other APIs first.
   */
  claims(incoming: Pick<Incoming, 'method' | 'url' | 'headers'>): boolean
  answer(incoming: Incoming, outgoing: Outgoing, facts: RequestFacts): void
}

/** Nothing is loaded from elsewhere, nothing inline runs, and no page of somebody else shows this one in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** The built page of a folder, read once. */
export async function createPageHandler(folder: string): Promise<PageHandler> {
  const files = await readPageFiles(folder)
  return {
    claims(incoming) {
      const { method, headers: sent } = incoming
      if ((method !== 'GET' && method !== 'HEAD') || isSignedByAws(incoming)) return false
      return files.has(pathOf(incoming)) || sent.accept?.includes('text/html') === true
    },
    answer(incoming, outgoing, facts) {
      facts.service = 'page'
      facts.operation = 'file'
      incoming.resume()
      const file = files.get(pathOf(incoming)) ?? files.get('/index.html')
      if (file === undefined) notBuilt(incoming, outgoing)
      else if (file.isImmutable || !isAsset(incoming)) send(file, incoming, outgoing)
      else gone(incoming, outgoing)
    },
  }
}

const pathOf = ({ url = '/' }: Pick<Incoming, 'url'>): string => url.split('?')[0] ?? '/'
const isAsset = (incoming: Incoming): boolean => pathOf(incoming).startsWith('/assets/')

function send(file: PageFile, incoming: Incoming, outgoing: Outgoing): void {
  const takesGzip = /\bgzip\b/.test(String(incoming.headers['accept-encoding']))
  const gzip = takesGzip ? file.gzip : undefined
  const bytes = gzip ?? file.bytes
  const etag = gzip === undefined ? file.etag : file.etag.replace(/"$/, '-gz"')
  const sent = {
    ...headers,
    etag,
    vary: 'accept-encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (incoming.headers['if-none-match']?.split(/,\s*/).includes(etag) === true) {
    outgoing.writeHead(304, sent)
    outgoing.end()
    return
  }
  outgoing.writeHead(200, {
    ...sent,
    'content-type': file.type,
    'content-length': bytes.length,
    ...(gzip === undefined ? {} : { 'content-encoding': 'gzip' }),
  })
  outgoing.end(incoming.method === 'HEAD' ? '' : bytes)
}

const notBuilt = (incoming: Incoming, outgoing: Outgoing): void =>
  sendText(
    incoming,
    outgoing,
    'The page is not built: npm run build makes it. The APIs are here all the same.\n',
  )

/** A page that was open while the server was updated asks for what is not there any more. */
const gone = (incoming: Incoming, outgoing: Outgoing): void =>
  sendText(incoming, outgoing, 'This page is of another version of Hone: reload it.\n')

function sendText({ method }: Incoming, outgoing: Outgoing, text: string): void {
  outgoing.writeHead(404, {
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  outgoing.end(method === 'HEAD' ? '' : text)
}
