import type { Arithmetic } from '../../core/arithmetic.ts'

/** What a server was asked to be. */
export interface ServeOptions {
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** File of settings; default: `hone.server.yaml` in the home. */
  readonly config?: string | undefined
  /** Listen at an address that others reach. */
  readonly public?: boolean | undefined
  /** Deploy models whatever the gate said of them. */
  readonly ignoreGate?: boolean | undefined
  /** Files of a certificate and its key; both or none. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined
  readonly lifecycle?: 'as-of-2025' | 'today' | undefined
  /** How its models answer; default `exact`. */
  readonly arithmetic?: Arithmetic | undefined
  /** Told of every request, and of what fails. */
  readonly onLog?: ((entry: ServerLogEntry) => void) | undefined
}

/** A line of the log: never with what was asked or answered. */
export interface ServerLogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly [member: string]: unknown
}

/** A server that answers until it is closed. */
export interface RunningServer {
  readonly address: string
  /** Of the web page; on a server that only this machine reaches with the key that signs in. */
  readonly page: string
  readonly home: string
  readonly account: string
  readonly workers: number
  /** The key pair that this start made, and a key that is sent as it is; undefined where there were keys. */
  readonly madeKey: { readonly id: string; readonly secret: string; readonly bearer: string } | undefined
  /** Which local base stands in for which base of a service. */
  readonly models: readonly { readonly identifier: string; readonly localBase: string }[]
  readonly configFile: string | undefined
  /**
   * Reads the certificate and its key again, for connections to come; absent without TLS.
   *
   * @throws HoneError `E_CONFIG`; the server goes on with what it has
   */
  readonly reloadTls?: () => Promise<void>
  /** Lets requests under way end, gives jobs back, and closes everything. */
  close(): Promise<void>
}
