/** A method of a client, and the request that it makes. */
export interface SdkMethod {
  /** As it is called: `chat.completions.create`. */
  readonly name: string
  readonly method: string
  /** With its labels in braces: `/v1/models/{model}`. */
  readonly path: string
}

/**
 * What a client of Stainless' making can ask, read off the methods of its resources. Helpers, which ask by these methods, are
 * left out.
 *
 * @param root what all paths begin with that the methods do not say
 */
export function sdkMethods(client: object, root: string): readonly SdkMethod[] {
  return resourcesOf(client, '').flatMap(([name, resource]) =>
    Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(resource))).flatMap(
      ([method, { value }]: [string, PropertyDescriptor]) => {
        const request =
          typeof value === 'function' && method !== 'constructor' ? requestOf(String(value)) : undefined
        return request === undefined
          ? []
          : [{ name: `${name}.${method}`, method: request.method, path: `${root}${request.path}` }]
      },
    ),
  )
}

function resourcesOf(of: object, name: string): readonly (readonly [name: string, resource: object])[] {
  return Object.entries(of).flatMap(([key, value]: [string, unknown]) => {
    if (key.startsWith('_') || typeof value !== 'object' || value === null || !('_client' in value)) return []
    const own = name === '' ? key : `${name}.${key}`
    return [[own, value] as const, ...resourcesOf(value, own)]
  })
}

/** The request in the source of a method, without what its query says. */
function requestOf(source: string): Pick<SdkMethod, 'method' | 'path'> | undefined {
  const call =
    /this\._client\s*\.(get|post|put|patch|delete|getAPIList)\(\s*(?:\(0, \w+\.path\)\s*|path\s*)?([`'"])(.*?)\2/s.exec(
      source,
    )
  if (call === null) return undefined
  const [, verb = '', , path = ''] = call
  const isPut = /method:\s*['"](\w+)['"]/.exec(source)?.[1]
  return {
    method: verb === 'getAPIList' ? (isPut ?? 'get').toUpperCase() : verb.toUpperCase(),
    path: path
      .replaceAll(/\$\{([^}]*)\}/g, (_, label: string) => `{${label.replace(/^.*\./, '')}}`)
      .replace(/\?.*$/, ''),
  }
}
