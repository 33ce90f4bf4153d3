import { execFileSync } from 'node:child_process'

/** The Python that the vendors' clients are installed for. */
export const python: string = process.env['HONE_TEST_PYTHON'] ?? 'python3'

/**
 * Why tests with a package of Python cannot run; undefined where it is installed. It is demanded where a Python is named.
 *
 * @throws Error when the named Python lacks it
 */
export function missingPackage(name: string): string | undefined {
  try {
    execFileSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
    return undefined
  } catch {
    if (process.env['HONE_TEST_PYTHON'] !== undefined) throw new Error(`${python} has no ${name}`)
    return `${name} is not installed: pip install ${name}, and name its Python in HONE_TEST_PYTHON`
  }
}
