// Checks a running demo from outside: node check.mjs http://127.0.0.1:8080 TOKEN
//
// The OpenAPI document must pass redocly and spectral without an error. The
// types that openapi-typescript makes of it must let client.ts compile under
// tsc --strict, and the program must work with the demo. The start page and the
// documentation page must render in a browser without an error, a failed request
// or a request to another host.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const [base, token] = process.argv.slice(2)
const temp = mkdtempSync(join(tmpdir(), 'joinery-web-'))
const problems = []

const file = join(temp, 'openapi.json')

// run runs a program and reports whether it ended well.
function run(program, args) {
  const result = spawnSync(program, args, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
  if (result.error) throw result.error
  return result.status === 0
}

const tool = (name) => join(here, 'node_modules', '.bin', name)

function lint(name, args) {
  console.log(`\n=== ${name}`)
  if (!run(tool(name), args)) problems.push(`${name} found errors in /openapi.json`)
}

async function lintDocument() {
  const response = await fetch(base + '/openapi.json')
  if (!response.ok) {
    problems.push(`/openapi.json answers ${response.status}`)
    return false
  }
  writeFileSync(file, await response.text())
  lint('redocly', ['lint', '--config', 'redocly.yaml', file])
  lint('spectral', ['lint', '--ruleset', 'spectral.yaml', '--fail-severity', 'error', file])
  return true
}

// useTypedClient compiles client.ts with the types of the document, and runs it.
function useTypedClient() {
  console.log('\n=== openapi-typescript and tsc --strict')
  // Below node_modules, where git looks away and imports find the libraries.
  const work = mkdtempSync(join(here, 'node_modules', '.client-'))
  try {
    const config = { extends: '../../tsconfig.json', compilerOptions: { outDir: '.', rootDir: '.' }, files: ['client.ts'] }
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(config))
    copyFileSync(join(here, 'client.ts'), join(work, 'client.ts'))
    // A field with a default may be left out of a body: answers say by required what they have.
    const types = ['--default-non-nullable', 'false', '-o', join(work, 'api.d.ts')]
    if (!run(tool('openapi-typescript'), [file, ...types])) problems.push('openapi-typescript cannot read /openapi.json')
    else if (!run(tool('tsc'), ['-p', work])) problems.push('client.ts does not compile with the types of /openapi.json')
    else if (!run(process.execPath, [join(work, 'client.js'), base, token])) problems.push('the typed client does not work with the demo')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

// load opens a page and waits until content, a selector, is visible.
async function load(browser, path, content) {
  console.log(`\n=== Chromium loads ${path}`)
  const page = await browser.newPage()
  const complain = (text) => problems.push(`${path}: ${text}`)
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`))
  page.on('pageerror', (error) => complain(`script: ${error.message}`))
  page.on('requestfailed', (request) => complain(`${request.url()} failed: ${request.failure()?.errorText}`))
  page.on('request', (request) => {
    // The page has to work without the internet.
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) {
      complain(`asks another host: ${request.url()}`)
    }
  })
  try {
    const response = await page.goto(base + path, { waitUntil: 'networkidle', timeout: 60_000 })
    if (!response.ok()) complain(`answers ${response.status()}`)
    await page.locator(content).first().waitFor({ state: 'visible', timeout: 30_000 })
    const text = (await page.locator('body').innerText()).trim()
    if (text.length < 20) complain(`shows almost no text: ${JSON.stringify(text)}`)
    console.log(`title ${JSON.stringify(await page.title())}, ${text.length} characters of text`)
  } catch (error) {
    complain(error.message)
  }
  await page.close()
}

async function browse() {
  const browser = await chromium.launchPersistentContext(join(temp, 'profile'), {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox', // root may run this, and only our own pages are loaded
      '--disable-quic',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  try {
    await load(browser, '/', 'body')
    await load(browser, '/docs', '.swagger-ui .opblock')
  } finally {
    await browser.close()
  }
}

try {
  if (await lintDocument()) useTypedClient()
  await browse()
} catch (error) {
  problems.push(error.stack)
} finally {
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
}

if (problems.length > 0) {
  console.error(`\n${problems.length} problems:\n- ${problems.join('\n- ')}`)
  process.exit(1)
}
console.log('\nThe document, its typed client and the pages are fine.')
